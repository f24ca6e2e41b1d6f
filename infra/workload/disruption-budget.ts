import type { types } from '@pulumi/kubernetes';
import { selectorLabels } from './metadata';

/** Nodes are drained one pod at a time; a pod that is broken anyway holds no drain up. */
export function disruptionBudgetSpec(name: string): types.input.policy.v1.PodDisruptionBudgetSpec {
  return {
    maxUnavailable: 1,
    selector: { matchLabels: selectorLabels(name) },
    unhealthyPodEvictionPolicy: 'AlwaysAllow',
  };
}
