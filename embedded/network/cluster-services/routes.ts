import { randomBytes } from 'node:crypto';
import {
  decideOnNode,
  item,
  type NodeAction,
  PreChecks,
  requireDict,
  type Verdict,
} from '../../../policies/pre-checks';
import type { Bugs } from '../behaviour';
import { RegistryClient } from '../gateway/registry-client';
import { json, type Answer } from '../http/answer';
import type { Call, Route } from '../http/route';
import type { Peers } from '../peers';
import { localPolicies } from '../rules/policies';
import { isObject, valueAt } from '../store/filter';
import { idleMetrics } from './idle-metrics';
import { withNodes } from './nodes';

/** What these services work with. */
interface ClusterContext {
  readonly registry: RegistryClient;
  readonly checks: PreChecks;
}

/**
 * What runs in each cluster itself, below the cluster's id: its membership server (`membershipServer` of the `urlMap` in
 * its config), which lets nodes in and out after asking the policies of the cluster's own map, and its metrics service.
 */
export function clusterServiceRoutes(peers: Peers, bugs: Bugs): Route[] {
  const context: ClusterContext = {
    registry: new RegistryClient(peers, true),
    checks: new PreChecks(bugs, localPolicies(peers, { siblingModules: !bugs.singleModule })),
  };
  const post = (path: string, handle: (call: Call) => Promise<unknown>): Route => ({
    method: 'POST',
    pattern: `/<cluster>${path}`,
    handle: (call) => guarded(() => handle(call)),
  });
  return [
    post('/pre-checks/add-node', async (call) => {
      const { allowed, data } = await check(context, clusterOf(call), 'add_node', call.json());
      return { allowed, node_data: data, success: true };
    }),
    post('/join-node', (call) => joinNode(context, call)),
    post('/pre-checks/remove-node', async (call) => {
      const node = item(call.json(), 'node_id');
      const { allowed, data } = await check(context, clusterOf(call), 'remove_node', node);
      return { allowed, node_id: data, success: true };
    }),
    post('/remove-node', (call) => removeNode(context, call)),
    {
      method: 'GET',
      pattern: '/<cluster>/cluster',
      handle: (call) =>
        guarded(async () => ({ success: true, data: idleMetrics(await context.registry.read(clusterOf(call))) })),
    },
  ];
}

/** Upstream enters the node once its kubelet is ready; here there is none to wait for. */
async function joinNode(context: ClusterContext, call: Call): Promise<unknown> {
  const id = clusterOf(call);
  const node = item(call.json(), 'node_data');
  const { allowed, data } = await check(context, id, 'add_node', node);
  if (!allowed) throw new Error(textOf(data));
  const name = textOf(item(data, 'id'));
  await changeNodes(context, id, (nodes) => [...nodes, node]);
  const command = `kubeadm join ${id}.invalid:6443 --token ${randomBytes(11).toString('hex')}`;
  const message = `Join command generated and waiter started for node '${name}'`;
  return { result: { success: true, join_command: command, message }, success: true };
}

async function removeNode(context: ClusterContext, call: Call): Promise<unknown> {
  const id = clusterOf(call);
  const { allowed, data } = await check(context, id, 'remove_node', item(call.json(), 'node_id'));
  if (!allowed) throw new Error(textOf(data));
  await changeNodes(context, id, (nodes) => nodes.filter((node) => !isObject(node) || node.id !== data));
  const message = `Node '${textOf(data)}' drained. Client can now reset the node.`;
  return { result: { success: true, message }, success: true };
}

async function check(context: ClusterContext, id: string, action: NodeAction, subject: unknown): Promise<Verdict> {
  const cluster = await context.registry.read(id).catch(() => {
    throw new Error('Cluster data not found');
  });
  const map = requireDict(requireDict(cluster.config ?? {}, 'get').actionsPolicyMap ?? {}, 'get');
  const evaluate = await context.checks.loadForNodes(map, action);
  if (!evaluate) return { allowed: true, data: subject };
  const input = {
    cluster_data: cluster,
    cluster_metrics: idleMetrics(cluster),
    ...(action === 'add_node' ? { node_data: subject } : { node_id: subject, block_instances: [] }),
  };
  return decideOnNode(evaluate, input, subject);
}

async function changeNodes(
  { registry }: ClusterContext,
  id: string,
  change: (nodes: readonly unknown[]) => unknown[],
): Promise<void> {
  const nodes = valueAt(await registry.read(id), 'nodes.nodeData');
  await registry.update(id, { $set: withNodes(change(Array.isArray(nodes) ? nodes : [])) });
}

const clusterOf = ({ parameters }: Call) => parameters.cluster ?? '';

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

async function guarded(work: () => Promise<unknown>): Promise<Answer> {
  try {
    return json(await work());
  } catch (error) {
    return json({ success: false, error: (error as Error).message }, 500);
  }
}
