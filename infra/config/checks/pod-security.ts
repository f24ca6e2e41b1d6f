import { catalogue, DATABASE_SECTIONS, SERVICE_NAMES, type ServiceName } from '../../catalogue';
import type { Problem } from '../problems';
import type { Sections } from '../sections';
import type { Check } from './check';

/** Whether images of a service may run as root, as far as the catalogue and the stack know. */
function mayRunAsRoot(name: ServiceName, { overrides }: Sections['services']): boolean {
  const { enabled = true, image, runAsUser } = overrides[name] ?? {};
  if (!enabled || runAsUser !== undefined || name === 'cluster-controller-gateway') return false;
  const { runtime, sidecars = [] } = catalogue[name].definition;
  return runtime === undefined || image !== undefined || sidecars.some((sidecar) => sidecar.runtime === undefined);
}

function servicesAsRoot(services: Sections['services']): Problem[] {
  const names = SERVICE_NAMES.filter((name) => mayRunAsRoot(name, services));
  if (names.length === 0) return [];
  return [
    {
      path: ['cluster', 'podSecurity'],
      value: 'restricted',
      rule: `admits no image that may run as root, as these may: ${names.join(', ')}`,
      fix: 'name the user that their images work as (services.overrides.<service>.runAsUser), or set baseline',
      reads: [['services', 'overrides']],
    },
  ];
}

function gatewayAsRoot({ runAsUser }: Sections['gateway']): Problem[] {
  if (runAsUser !== undefined) return [];
  return [
    {
      path: ['gateway', 'runAsUser'],
      rule: 'is required, because cluster.podSecurity is restricted: the image of the gateway may run as root',
      fix: 'name the user that the image works as, or set cluster.podSecurity: baseline',
      reads: [['cluster', 'podSecurity']],
    },
  ];
}

/** The directory's owner is set by a container that runs as root. */
function directories(sections: Partial<Sections>): Problem[] {
  return DATABASE_SECTIONS.flatMap((section): Problem[] => {
    const { storage } = sections[section] ?? {};
    if (storage === undefined || !('localPath' in storage)) return [];
    return [
      {
        path: [section, 'storage', 'localPath'],
        value: storage.localPath,
        rule: 'takes a container that runs as root and gives the directory to mongod, and cluster.podSecurity is restricted',
        fix: `use ${section}.storage.storageClass, or set cluster.podSecurity: baseline`,
        reads: [['cluster', 'podSecurity']],
      },
    ];
  });
}

/** A level of Pod Security admits the stack's own pods. */
export const podSecurityChecks: Check = ({ sections }) => {
  const { cluster, services, gateway } = sections;
  if (cluster?.podSecurity !== 'restricted') return [];
  return [
    ...(services ? servicesAsRoot(services) : []),
    ...(gateway ? gatewayAsRoot(gateway) : []),
    ...directories(sections),
  ];
};
