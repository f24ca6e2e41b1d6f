import { json, type Answer } from '../http/answer';
import type { Route } from '../http/route';
import type { Document } from '../store/collection';
import { isObject, valueAt } from '../store/filter';
import { clusterMetrics } from './cluster-metrics';
import type { GatewayContext } from './context';
import type { PreChecks, Verdict } from './pre-checks';

/**
 * Nodes that join and leave clusters: checked by the gateway's map, then by the cluster's own, as its controller does,
 * then entered in the registry, as its controller does too.
 */
export function nodeRoutes(context: GatewayContext): Route[] {
  return [
    {
      method: 'POST',
      pattern: '/nodes/add-node-to-cluster/<cluster>',
      handle: (call) => answer(() => addNode(context, call.parameters.cluster ?? '', call.json())),
    },
    {
      // GET, as upstream has it.
      method: 'GET',
      pattern: '/nodes/remove-node-from-cluster/<cluster>/<node>',
      handle: ({ parameters }) => answer(() => removeNode(context, parameters.cluster ?? '', parameters.node ?? '')),
    },
  ];
}

async function answer(work: () => Promise<unknown>): Promise<Answer> {
  try {
    return json({ success: true, data: await work() });
  } catch (error) {
    return json({ success: false, message: (error as Error).message }, 500);
  }
}

async function addNode(context: GatewayContext, clusterId: string, node: unknown): Promise<unknown> {
  const cluster = await context.registry.read(clusterId);
  const checked = await checkTwice(context, cluster, 'add_node', 'node_data', node);
  const nodes = nodesOf(cluster);
  await storeNodes(context, clusterId, [...nodes, checked]);
  return { message: 'node added', node: checked };
}

async function removeNode(context: GatewayContext, clusterId: string, nodeId: string): Promise<unknown> {
  const cluster = await context.registry.read(clusterId);
  const checked = await checkTwice(context, cluster, 'remove_node', 'node_id', nodeId, { block_instances: [] });
  const nodes = nodesOf(cluster);
  const remaining = nodes.filter((node) => !isObject(node) || node.id !== checked);
  if (remaining.length === nodes.length) throw new Error(`node ${String(checked)} not found in cluster ${clusterId}`);
  await storeNodes(context, clusterId, remaining);
  return { message: 'node removed', node: checked };
}

async function checkTwice(
  context: GatewayContext,
  cluster: Document,
  action: 'add_node' | 'remove_node',
  key: 'node_data' | 'node_id',
  value: unknown,
  more: Document = {},
): Promise<unknown> {
  const check = async (checks: PreChecks, map: unknown, subject: unknown) => {
    const input = { cluster_data: cluster, cluster_metrics: clusterMetrics(cluster), [key]: subject, ...more };
    return permitted(await checks.checkByObject(map, action, input, subject), key);
  };
  const allowed = await check(context.preChecks, context.process.networkMap.value, value);
  return check(context.controllerChecks, valueAt(cluster, 'config.actionsPolicyMap') ?? {}, allowed);
}

/** Rules answer with the whole input, or with the node alone. */
function permitted({ allowed, data }: Verdict, key: string): unknown {
  if (!allowed) throw new Error(typeof data === 'string' ? data : JSON.stringify(data));
  return isObject(data) && Object.hasOwn(data, key) ? data[key] : data;
}

function nodesOf(cluster: Document): unknown[] {
  const nodes = valueAt(cluster, 'nodes.nodeData');
  return Array.isArray(nodes) ? nodes : [];
}

async function storeNodes({ registry }: GatewayContext, clusterId: string, nodes: unknown[]): Promise<void> {
  await registry.update(clusterId, { $set: { nodes: { count: nodes.length, nodeData: nodes } } });
}
