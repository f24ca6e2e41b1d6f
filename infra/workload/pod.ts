import type { types } from '@pulumi/kubernetes';
import type * as pulumi from '@pulumi/pulumi';
import { selectorLabels } from './metadata';

type PodSpec = types.input.core.v1.PodSpec;

/** What the pods of a workload have in common. */
export interface PodIdentity {
  /** Name of their service account; they get no token of it. */
  account: pulumi.Input<string>;
  /** Names of Secrets in their namespace that images are pulled with. */
  imagePullSecrets: readonly string[];
}

/** A pod with an identity, and what else it consists of. */
export function podSpec({ account, imagePullSecrets }: PodIdentity, parts: PodSpec): PodSpec {
  return {
    serviceAccountName: account,
    automountServiceAccountToken: false,
    ...(imagePullSecrets.length > 0 && { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
    ...parts,
  };
}

/** Labels of nodes that tell their host and their zone. */
export const HOST = 'kubernetes.io/hostname';
export const ZONE = 'topology.kubernetes.io/zone';

/** No host, or zone, has two pods more than another. @param otherwise whether pods run all the same where that cannot be */
export function spread(
  name: string,
  topologyKey: typeof HOST | typeof ZONE,
  otherwise: 'ScheduleAnyway' | 'DoNotSchedule',
): types.input.core.v1.TopologySpreadConstraint {
  return {
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: otherwise,
    labelSelector: { matchLabels: selectorLabels(name) },
  };
}
