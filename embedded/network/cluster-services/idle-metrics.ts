import type { Document } from '../store/collection';
import { valueAt } from '../store/filter';

/** What the metrics services would know of an idle cluster. */
export function idleMetrics(cluster: Document): Document {
  return {
    clusterId: cluster.id,
    nodes: { count: valueAt(cluster, 'nodes.count') ?? 0 },
    gpus: { count: valueAt(cluster, 'gpus.count') ?? 0, memory: valueAt(cluster, 'gpus.memory') ?? 0 },
    vcpus: { count: valueAt(cluster, 'vcpus.count') ?? 0 },
    memory: valueAt(cluster, 'memory') ?? 0,
  };
}
