import { PodDisruptionBudget } from '@pulumi/kubernetes/policy/v1';
import { objectMeta } from '../metadata';
import { type Database, selectorLabels } from './identity';

/** Nodes are drained one member at a time; a member that is broken anyway holds no drain up. */
export function disruptionBudget(database: Database): PodDisruptionBudget {
  const { name, namespace, parent } = database;
  return new PodDisruptionBudget(
    name,
    {
      metadata: objectMeta(name, { namespace }),
      spec: {
        maxUnavailable: 1,
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
        selector: { matchLabels: selectorLabels(database) },
      },
    },
    { parent },
  );
}
