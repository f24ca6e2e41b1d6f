import { setImmediate as nextTurn } from 'node:timers/promises';
import { item, requireDict } from '../../../policies/pre-checks';
import { json, type Answer } from '../http/answer';
import type { Call, Route } from '../http/route';
import { isObject } from '../store/filter';
import type { GatewayContext } from './context';
import { pythonUpdate } from './map-update';

/** The network's map, and with `?cluster_id=` that of a cluster. */
export function policyMapRoutes(context: GatewayContext): Route[] {
  return [
    { method: 'GET', pattern: '/pre-check-policies/get', handle: (call) => answerMap(() => read(context, call)) },
    {
      method: 'POST',
      pattern: '/pre-check-policies/update',
      handle: (call) => answerMap(async () => update(context, call)),
    },
  ];
}

async function answerMap(work: () => Promise<unknown>): Promise<Answer> {
  try {
    return json({ success: true, map: await work() });
  } catch (error) {
    return json({ error: (error as Error).message }, 500);
  }
}

function read(context: GatewayContext, call: Call): Promise<unknown> {
  const id = call.query.get('cluster_id');
  return id ? readClusterMap(context, id) : Promise.resolve(context.process.networkMap.value);
}

function update(context: GatewayContext, call: Call): Promise<unknown> {
  const posted = call.json();
  const id = call.query.get('cluster_id');
  const { serializer } = context;
  return id
    ? serializer.run(`cluster ${id}`, () => updateClusterMap(context, id, posted))
    : serializer.run('network', () => updateNetworkMap(context, posted));
}

async function updateNetworkMap({ process, bugs }: GatewayContext, posted: unknown): Promise<unknown> {
  if (!isObject(posted) && !bugs.listPoisonsMap) throw new Error('the body must be an object');
  const merged = pythonUpdate(process.networkMap.value, posted);
  await nextTurn(); // others may come in between: read, merge, write
  const stored = bugs.mapReplaced ? posted : merged;
  process.networkMap.value = bugs.emptyStaysInNetworkMap ? stored : withoutEmpty(stored);
  return bugs.emptyStaysInNetworkMap ? merged : withoutEmpty(merged);
}

async function readClusterMap({ registry, bugs }: GatewayContext, id: string): Promise<unknown> {
  const cluster = await registry.read(id);
  const config = bugs.configRequired ? item(cluster, 'config') : (cluster.config ?? {});
  const { actionsPolicyMap: map = {} } = requireDict(config, 'get');
  return map;
}

async function updateClusterMap(context: GatewayContext, id: string, posted: unknown): Promise<unknown> {
  const merged = pythonUpdate(await readClusterMap(context, id), posted);
  const map = context.bugs.emptyStaysInClusterMap ? merged : withoutEmpty(merged);
  await context.registry.update(id, { 'config.actionsPolicyMap': map });
  return map;
}

function withoutEmpty(map: unknown): unknown {
  return isObject(map) ? Object.fromEntries(Object.entries(map).filter(([, value]) => value !== '')) : map;
}
