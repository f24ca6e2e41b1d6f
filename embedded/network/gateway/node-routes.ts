import { decideOnNode, item, type NodeAction, requireDict, type Verdict } from '../../../policies/pre-checks';
import { json, type Answer } from '../http/answer';
import { requireSuccess } from '../http/client';
import type { Call, Route } from '../http/route';
import { isObject } from '../store/filter';
import type { GatewayContext } from './context';

/** Nodes that want to join a cluster or to leave it: checked by the network's map, then passed on to the cluster. */
export function nodeRoutes(context: GatewayContext): Route[] {
  const post = (pattern: string, handle: (call: Call) => Promise<Answer>): Route => ({
    method: 'POST',
    pattern,
    handle,
  });
  return [
    post('/pre-checks/add-node/<cluster>', (call) => guarded(() => preCheckAddNode(context, call))),
    post('/join-node/<cluster>', (call) => guarded(() => joinNode(context, call))),
    post('/pre-checks/remove-node/<cluster>', (call) =>
      guarded(() => removeNode(context, call, '/pre-checks/remove-node')),
    ),
    post('/remove-node/<cluster>', (call) => guarded(() => removeNode(context, call, '/remove-node'))),
    post('/pre-check-policies/add_node/dry_run/<cluster>', (call) => dryGuarded(() => dryAddNode(context, call))),
    post('/pre-check-policies/remove_node/dry_run/<cluster>/<node>', (call) =>
      dryGuarded(() => dryRemoveNode(context, call)),
    ),
  ];
}

async function preCheckAddNode(context: GatewayContext, call: Call): Promise<unknown> {
  const id = clusterOf(call);
  const node = withCluster(call.json(), id);
  const { allowed, data } = await check(context, 'add_node', id, node);
  if (!allowed) return denied('Node addition not allowed by policy');
  return askCluster(context, id, '/pre-checks/add-node', data);
}

async function joinNode(context: GatewayContext, call: Call): Promise<unknown> {
  const id = clusterOf(call);
  const { node_data: given = {}, mode = 'local_network', custom_ip: ip } = requireDict(call.json(), 'get');
  const node = withCluster(given, id);
  const { allowed } = await check(context, 'add_node', id, node);
  if (!allowed) return denied('Join not allowed by policy');
  // What the policy made of the node is dropped here: upstream's join_node passes on what it was given.
  return askCluster(context, id, '/join-node', { node_data: node, mode, ...(ip !== undefined && { custom_ip: ip }) });
}

async function removeNode(context: GatewayContext, call: Call, path: string): Promise<unknown> {
  const id = clusterOf(call);
  const { allowed, data } = await check(context, 'remove_node', id, item(call.json(), 'node_id'));
  if (!allowed) return denied('Node removal not allowed by policy');
  return askCluster(context, id, path, { node_id: data });
}

async function dryAddNode(context: GatewayContext, call: Call): Promise<unknown> {
  const [id, node] = [clusterOf(call), call.json()];
  const { allowed, data } = await check(context, 'add_node', id, node);
  if (!allowed) return { success: true, allowed, data };
  const response = await askCluster(context, id, '/pre-checks/add-node', node);
  const isDenied = isObject(response) && Object.hasOwn(response, 'allowed') && response.allowed !== true;
  return { success: true, allowed: !isDenied, data, cluster_response: response };
}

/** What the cluster says counts for nodes that join, and not for those that leave. */
async function dryRemoveNode(context: GatewayContext, call: Call): Promise<unknown> {
  const [id, node] = [clusterOf(call), call.parameters.node];
  const { allowed, data } = await check(context, 'remove_node', id, node);
  if (!allowed) return { success: true, allowed, data };
  const response = await askCluster(context, id, '/pre-checks/remove-node', { node_id: node });
  return { success: true, allowed, data, cluster_response: response };
}

const clusterOf = ({ parameters }: Call) => parameters.cluster ?? '';

const denied = (message: string) => ({ success: true, allowed: false, message });

function withCluster(node: unknown, clusterId: string): Record<string, unknown> {
  if (isObject(node)) return { ...node, cluster_id: clusterId };
  throw new Error('list indices must be integers or slices, not str');
}

async function check(context: GatewayContext, action: NodeAction, id: string, subject: unknown): Promise<Verdict> {
  const cluster = await context.registry.read(id).catch(() => {
    throw new Error('Cluster data not found');
  });
  const evaluate = await context.preChecks.loadForNodes(context.process.networkMap.value, action);
  if (!evaluate) return { allowed: true, data: subject };
  const input = {
    cluster_data: cluster,
    cluster_metrics: await clusterMetrics(context, id),
    ...(action === 'add_node' ? { node_data: subject } : { node_id: subject, block_instances: [] }),
  };
  return decideOnNode(evaluate, input, subject);
}

/** @throws Error if global-cluster-metrics does not know the cluster, or is not there */
async function clusterMetrics({ peers }: GatewayContext, id: string): Promise<unknown> {
  const response = await peers.send('GET', `${peers.address('clusterMetrics')}/cluster/${id}`);
  requireSuccess(response);
  return item(await response.json(), 'data');
}

/** Asks the membership server that the cluster names in its config. */
async function askCluster(
  { peers, registry }: GatewayContext,
  id: string,
  path: string,
  body: unknown,
): Promise<unknown> {
  const config = item(await registry.read(id), 'config');
  if (!isObject(config) || !Object.hasOwn(config, 'urlMap')) throw new Error('config did not provide URL MAP');
  const url = requireDict(config.urlMap, 'get').membershipServer;
  const response = await peers.send('POST', `${typeof url === 'string' ? url : 'None'}${path}`, body);
  requireSuccess(response);
  return response.json();
}

async function guarded(work: () => Promise<unknown>): Promise<Answer> {
  try {
    return json(await work());
  } catch (error) {
    return json({ success: false, error: (error as Error).message }, 500);
  }
}

async function dryGuarded(work: () => Promise<unknown>): Promise<Answer> {
  try {
    return json(await work());
  } catch (error) {
    return json({ error: (error as Error).message }, 500);
  }
}
