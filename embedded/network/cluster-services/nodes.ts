import type { Document } from '../store/collection';
import { valueAt } from '../store/filter';

/** Figures of a cluster that are the sums of its nodes'. */
const SUMS = [
  'gpus.count',
  'gpus.memory',
  'vcpus.count',
  'memory',
  'swap',
  'storage.disks',
  'storage.size',
  'network.interfaces',
  'network.txBandwidth',
  'network.rxBandwidth',
] as const;

/** What a membership server sets in a cluster's entry whenever a node has come or gone. */
export function withNodes(nodes: readonly unknown[]): Document {
  const sumOf = (path: string) => nodes.reduce<number>((sum, node) => sum + Number(valueAt(node, path) ?? 0), 0);
  return {
    'nodes.count': nodes.length,
    'nodes.nodeData': nodes,
    ...Object.fromEntries(SUMS.map((path) => [path, sumOf(path)])),
  };
}
