import { NAMESPACES } from '../../../infra/catalogue';
import { type Json, textAt } from '../../../kubernetes-api';
import { type Finding, findingsOf } from '../finding';
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
      `while \`make up\` waits for pods: ${make}; or have the program copy one (services.pullSecretFrom) or make one (services.registryCredentials)`,
    );
  }
  if (live === undefined) return problem(`${namespace}/${name} is not there: no image can be pulled`, make);
  const type = textAt(live, 'type');
  if (TYPES.includes(type)) return ok(`${namespace}/${name}`);
  return problem(`${namespace}/${name} is of type ${type}: no image can be pulled with it`, `make it anew: ${make}`);
}

/** Of a Secret that is to be copied: without it the first preview ends. */
export function judgeOriginal({ name, namespace, hasNamespace, live }: PullSecret): Finding {
  if (hasNamespace) return judgePullSecret({ name, namespace, hasNamespace, live });
  return problem(
    `${namespace}/${name} is to be copied, and there is no namespace ${namespace}`,
    `kubectl create namespace ${namespace}, and in it: kubectl create secret docker-registry ${name} -n ${namespace} …`,
  );
}

/** Whether the Secrets are there that the stack's pods pull their images with. */
export const pullSecretsCheck: Check = async (subject, cluster) => {
  const { secrets, copy } = subject.config.imagePull;
  if (secrets.length === 0 && copy === undefined) return [ok('none named')];
  const namespaces = await cluster.namespaces();
  const found = async (namespace: string, name: string): Promise<PullSecret> => {
    const hasNamespace = namespaces.has(namespace);
    const live = hasNamespace ? await cluster.get(`/api/v1/namespaces/${namespace}/secrets/${name}`) : undefined;
    return { name, namespace, hasNamespace, live };
  };
  const wanted = NAMESPACES.flatMap((namespace) => secrets.map((name) => found(namespace, name)));
  const original = copy && (await found(copy.from, copy.name));
  return [...(original ? [judgeOriginal(original)] : []), ...(await Promise.all(wanted)).map(judgePullSecret)];
};
