import { item, requireDict, type Verdict } from '../../../policies/pre-checks';
import { idleMetrics } from '../cluster-services/idle-metrics';
import { json, type Answer } from '../http/answer';
import { requireSuccess } from '../http/client';
import type { Call, Route } from '../http/route';
import { isObject } from '../store/filter';
import type { GatewayContext } from './context';

/** Clusters through the gateway: what the registry does, after the checks. */
export function clusterRoutes(context: GatewayContext): Route[] {
  const { registry } = context;
  const id = ({ parameters }: Call) => parameters.id ?? '';
  return [
    { method: 'POST', pattern: '/clusters/create', handle: (call) => answer(() => create(context, call.json())) },
    { method: 'GET', pattern: '/clusters/read/<id>', handle: (call) => answer(() => registry.read(id(call))) },
    {
      method: 'PUT',
      pattern: '/clusters/update/<id>',
      handle: (call) => answer(() => update(context, id(call), call.json())),
    },
    { method: 'DELETE', pattern: '/clusters/delete/<id>', handle: (call) => answer(() => remove(context, id(call))) },
    {
      method: 'POST',
      pattern: '/clusters/query',
      handle: (call) => answer(() => registry.query(requireDict(call.json(), 'get').query)),
    },
    {
      method: 'GET',
      pattern: '/cluster-metrics/<id>',
      handle: (call) => answer(() => metrics(context, id(call))),
    },
  ];
}

async function answer(work: () => Promise<unknown>): Promise<Answer> {
  try {
    return json({ success: true, data: await work() });
  } catch (error) {
    return json({ success: false, data: (error as Error).message }, 500);
  }
}

async function create({ process, bugs, preChecks, registry }: GatewayContext, cluster: unknown): Promise<unknown> {
  const action = bugs.createClusterKey ? 'create_cluster' : 'add_cluster';
  const input = bugs.bareClusterInput ? cluster : { cluster_data: cluster };
  const data = permitted(await preChecks.checkByUri(process.networkMap.value, action, input));
  return registry.create(!bugs.bareClusterInput && isObject(data) ? data.cluster_data : data);
}

/** Asks the metrics service that the cluster names in its config. */
async function metrics({ registry, peers }: GatewayContext, id: string): Promise<unknown> {
  const config = item(await registry.read(id), 'config');
  if (!isObject(config) || !Object.hasOwn(config, 'urlMap')) throw new Error('config did not provide URL MAP');
  const url = requireDict(config.urlMap, 'get').metricsService;
  if (typeof url !== 'string') throw new Error("'NoneType' object has no attribute 'rstrip'");
  const response = await peers.send('GET', `${url.replace(/\/+$/, '')}/cluster`);
  requireSuccess(response);
  return response.json();
}

async function update(context: GatewayContext, id: string, changes: unknown): Promise<unknown> {
  const { process, bugs, preChecks, registry } = context;
  if (!bugs.unconsultedActions) {
    const input = { cluster_data: await registry.read(id), input: changes };
    permitted(await preChecks.checkByUri(process.networkMap.value, 'update_cluster', input));
  }
  return registry.update(id, { $set: changes });
}

async function remove({ process, bugs, preChecks, registry }: GatewayContext, id: string): Promise<unknown> {
  const input = bugs.bareClusterInput ? { cluster_id: id } : await removalInput(await registry.read(id));
  permitted(await preChecks.checkByUri(process.networkMap.value, 'remove_cluster', input));
  return registry.delete(id);
}

function removalInput(cluster: Record<string, unknown>): unknown {
  return { cluster_data: cluster, cluster_metrics: idleMetrics(cluster), cluster_blocks: [] };
}

/** The text is upstream's, for removals too. */
function permitted({ allowed, data }: Verdict): unknown {
  if (allowed) return data;
  const reason = typeof data === 'string' ? data : JSON.stringify(data);
  throw new Error(`Error occurred: cluster not allowed to be added: ${reason}`);
}
