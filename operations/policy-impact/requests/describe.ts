import type { Action } from '../../../policies/actions';
import { clusterIn } from './request';

type Input = Readonly<Record<string, unknown>>;

const VERBS = {
  add_node: 'joins',
  remove_node: 'leaves',
  add_cluster: 'is created',
  remove_cluster: 'is removed',
  update_cluster: 'is changed',
  add_block: 'is added to',
  remove_block: 'is removed from',
  scale_block: 'is scaled on',
  block_mgmt: 'gets a command on',
  cluster_mgmt: 'gets a command',
} as const satisfies Record<Action, string>;

const LONGEST = 40;

/** A request in a line: `node-9 joins cluster-1 (2 nodes)`. */
export function describe(action: Action, input: Input, cluster = clusterIn(input)): string {
  const { node_data: node, node_id: nodeId, block_data: block, cluster_data: data = input } = input;
  const where = `${short(cluster ?? 'a cluster')}${sizeOf(data)}`;
  if (nodeId !== undefined || node !== undefined)
    return `${short(nodeId ?? idOf(node) ?? 'a node')} ${VERBS[action]} ${where}`;
  if (block !== undefined) return `${short(idOf(block) ?? 'a block')} ${VERBS[action]} ${where}`;
  return `${where} ${VERBS[action]}`;
}

function sizeOf(cluster: unknown): string {
  const { nodes, regionId } = (cluster ?? {}) as { nodes?: { count?: unknown }; regionId?: unknown };
  const facts = [
    ...(typeof regionId === 'string' ? [short(regionId)] : []),
    ...(typeof nodes?.count === 'number' ? [`${nodes.count} node${nodes.count === 1 ? '' : 's'}`] : []),
  ];
  return facts.length === 0 ? '' : ` (${facts.join(', ')})`;
}

function idOf(value: unknown): unknown {
  const { id, blockId = id } = (value ?? {}) as { id?: unknown; blockId?: unknown };
  return blockId;
}

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // eslint-disable-next-line no-control-regex -- what a terminal would obey
  return text.slice(0, LONGEST).replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
}
