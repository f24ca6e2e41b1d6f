import { type Json, textAt } from '../../../kubernetes-api';
import { type Finding, findingsOf } from '../finding';
import { namespacesOf } from '../../stack-objects/subject';
import type { Check } from '../check';

const { ok, problem, warning } = findingsOf('pull Secrets');

const TYPES = ['kubernetes.io/dockerconfigjson', 'kubernetes.io/dockercfg'];

/** A Secret that pods name, in one namespace. */
export interface PullSecret {
  name: string;
  namespace: string;
  /** Whether anybody can have put it there. */
  hasNamespace: boolean;
  /** Undefined: it is not there. */
  live: Json | undefined;
}

export function judgePullSecret({ name, namespace, hasNamespace, live }: PullSecret): Finding {
  const make = `kubectl create secret docker-registry ${name} -n ${namespace} …`;
  if (!hasNamespace) {
    return warning(
      `namespace ${namespace} is still to be made, and ${name} with it`,
      `while \`make up\` waits for pods: ${make}; or have the program make one: services.registryCredentials`,
    );
  }
  if (live === undefined) return problem(`${namespace}/${name} is not there: no image can be pulled`, make);
  const type = textAt(live, 'type');
  if (TYPES.includes(type)) return ok(`${namespace}/${name}`);
  return problem(`${namespace}/${name} is of type ${type}: no image can be pulled with it`, `make it anew: ${make}`);
}

/** Whether the Secrets are there that the stack's pods pull their images with. */
export const pullSecretsCheck: Check = async (subject, cluster) => {
  const { secrets } = subject.config.imagePull;
  if (secrets.length === 0) return [ok('none named')];
  const namespaces = await cluster.namespaces();
  const wanted = namespacesOf(subject).flatMap((namespace) => secrets.map((name) => ({ name, namespace })));
  return Promise.all(
    wanted.map(async ({ name, namespace }) => {
      const hasNamespace = namespaces.has(namespace);
      const live = hasNamespace ? await cluster.get(`/api/v1/namespaces/${namespace}/secrets/${name}`) : undefined;
      return judgePullSecret({ name, namespace, hasNamespace, live });
    }),
  );
};
