import { json, type Answer } from '../http/answer';
import type { Call, Route } from '../http/route';
import { isObject } from '../store/filter';
import type { GatewayContext } from './context';

/** Actions that have no effect in the stand-in: there are no blocks, and nothing to manage. */
const ACTIONS = [
  { pattern: '/controller/createBlock/<cluster>', action: 'add_block' },
  { pattern: '/controller/removeBlock/<cluster>', action: 'remove_block' },
  { pattern: '/controller/block-scaling/<cluster>', action: 'scale_block' },
  { pattern: '/blocks/mgmt', action: 'block_mgmt' },
  { pattern: '/cluster/mgmt', action: 'cluster_mgmt' },
] as const;

/** Their routes: the documented gateway asks their policies, the deployed one does not. */
export function unsimulatedRoutes(context: GatewayContext): Route[] {
  return ACTIONS.map(({ pattern, action }) => ({
    method: 'POST',
    pattern,
    handle: async (call) => {
      try {
        return await act(context, action, call);
      } catch (error) {
        return json({ success: false, data: (error as Error).message }, 500);
      }
    },
  }));
}

async function act(context: GatewayContext, action: string, call: Call): Promise<Answer> {
  const payload = call.json();
  const clusterId = call.parameters.cluster ?? (isObject(payload) ? payload.cluster_id : undefined);
  if (!context.bugs.unconsultedActions) {
    const cluster = typeof clusterId === 'string' ? await context.registry.read(clusterId) : {};
    const input = { block_data: payload, cluster_data: cluster, input: payload };
    const verdict = await context.preChecks.checkByUri(context.process.networkMap.value, action, input);
    if (!verdict.allowed) return json({ success: false, data: verdict.data }, 500);
  }
  return json({ success: true, data: { message: 'accepted; the stand-in does nothing' } });
}
