import { NAMESPACES } from '../../catalogue';
import type { Problem } from '../problems';
import type { Sections } from '../sections';
import type { Check } from './check';

/** What is to be copied cannot lie in a namespace that is still to be made. */
function originalOutside({ pullSecretFrom }: Sections['services'], { namespaces }: Sections['cluster']): Problem[] {
  if (pullSecretFrom === undefined || namespaces === 'existing') return [];
  const { namespace } = pullSecretFrom;
  if (!NAMESPACES.some((own) => own === namespace)) return [];
  return [
    {
      path: ['services', 'pullSecretFrom', 'namespace'],
      value: namespace,
      rule: 'must be another than those of the network, which are empty when the stack makes them',
      fix: 'for example namespace: default, with the Secret in it; or set cluster.namespaces: existing',
      reads: [['cluster', 'namespaces']],
    },
  ];
}

function namedOnce({ pullSecretFrom, imagePullSecrets }: Sections['services']): Problem[] {
  if (pullSecretFrom === undefined || !imagePullSecrets.includes(pullSecretFrom.name)) return [];
  return [
    {
      path: ['services', 'pullSecretFrom', 'name'],
      value: pullSecretFrom.name,
      rule: 'must not be one of imagePullSecrets, which are in every namespace already',
      fix: 'remove it there: pods use the copies as well',
      reads: [['services', 'imagePullSecrets']],
    },
  ];
}

/** What must hold for the Secrets that images are pulled with. */
export const pullSecretChecks: Check = ({ sections: { services, cluster } }) => {
  if (services === undefined) return [];
  return [...(cluster ? originalOutside(services, cluster) : []), ...namedOnce(services)];
};
