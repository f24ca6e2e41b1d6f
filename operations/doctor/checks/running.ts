import { numberAt } from '../../../kubernetes-api';
import type { StackObject } from '../../stack-objects/objects';
import { type Cluster, collectionPath } from '../../cluster/cluster';

/**
 * Those of the workloads that have pods which are ready: a stack that is up has passed what would keep it from starting, and a
 * node that is drained is no reason to hold an update up.
 */
export async function running(cluster: Cluster, workloads: readonly StackObject[]): Promise<StackObject[]> {
  const ready = await Promise.all(workloads.map((workload) => readyPods(cluster, workload)));
  return workloads.filter((_, index) => (ready[index] ?? 0) > 0);
}

async function readyPods(cluster: Cluster, { apiVersion, kind, namespace, name }: StackObject): Promise<number> {
  const served = await cluster.kind(apiVersion, kind);
  const live = served && (await cluster.get(`${collectionPath(served, namespace)}/${name}`));
  return numberAt(live, 'status', 'readyReplicas');
}
