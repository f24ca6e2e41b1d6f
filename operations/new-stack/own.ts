/** Where a value stands in a stack's file: the section first, the project left out. */
export type KeyPath = readonly string[];

/** Keys whose value belongs to one network or cluster; `*` stands for any name. */
const OWN = [
  // A second stack on the cluster of the first would take its namespaces over.
  'cluster.context',
  'cluster.uid',
  'network.advertisedHost',
  'registry.nodes',
  'metrics.nodes',
  'policies.clusters',
  'policies.executors.*.clusterPublicIp',
  'policies.endpoints',
  'policies.code.uploadUrl',
].map((pattern) => pattern.split('.'));

/** Whether another stack cannot have the same value under a key. */
export function isOwn(path: KeyPath): boolean {
  return OWN.some(
    (pattern) => pattern.length === path.length && pattern.every((name, index) => name === '*' || name === path[index]),
  );
}

export const keyOf = (path: KeyPath) => path.join('.');
