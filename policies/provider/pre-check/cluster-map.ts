import { UserError } from '../errors';
import { pause } from '../http/pause';
import type { Call } from '../resource-handler';
import type { GatewayMap } from '../services/gateway';
import { type Json, equal, isJsonObject } from '../wire/value';
import { type MapStore, notConverged, ROUNDS } from './store';
import { type DesiredMap, complete, matches, surplus } from './desired-map';

/**
 * A cluster's map, kept in the clusters registry. The gateway merges what is posted; what has to go goes with the whole map,
 * as no call of the gateway's own removes a key.
 *
 * @param clusterId checked: it becomes part of URLs, here and in the gateway
 */
export function clusterMap(clusterId: string): MapStore {
  const name = `the map of cluster ${clusterId}`;
  const read = async (call: Call): Promise<Json | undefined> => {
    const { gateway, clustersRegistry } = call.services;
    const map = await gateway.clusterMap(call, clusterId);
    if (map !== undefined) return map;
    if (await clustersRegistry.knows(call, clusterId)) {
      throw gateway.service.outageOf(`does not find cluster ${clusterId}, which the clusters registry has`);
    }
    return undefined;
  };
  const readKnown = async (call: Call): Promise<Json> => {
    const map = await read(call);
    if (map === undefined) throw unknownCluster(clusterId);
    return map;
  };
  const lasts = async (call: Call, desired: DesiredMap, seen: Json): Promise<boolean> => {
    if (!matches(desired, seen)) return false;
    // Who read the map before it was written may write it back after it was verified.
    await pause(call.services.timing.settleMs, call.signal);
    return matches(desired, await readKnown(call));
  };
  return {
    key: `cluster/${clusterId}`,
    missing: () => unknownCluster(clusterId),
    read,
    async reconcile(call, desired, before) {
      const { timing } = call.services;
      let seen = before;
      for (let round = 1; !(await lasts(call, desired, seen)); round++) {
        if (round > ROUNDS) {
          const cause = 'Something else keeps writing it.';
          throw new UserError(notConverged(name, complete(desired, seen), seen, [cause]));
        }
        if (round > 1) {
          call.status(`somebody else changed ${name}: writing again (${round} of ${ROUNDS})`);
          await pause(timing.backoffMs * (round - 1) * Math.random(), call.signal);
          seen = await readKnown(call);
        }
        await write(call, clusterId, desired, seen);
        seen = await readKnown(call);
      }
      return seen;
    },
  };
}

async function write(call: Call, clusterId: string, desired: DesiredMap, seen: Json): Promise<void> {
  const { gateway, clustersRegistry } = call.services;
  const hasToGo = !isJsonObject(seen) || surplus(desired, seen).length > 0;
  const posted = hasToGo ? 'not posted' : await gateway.postClusterMap(call, clusterId, changed(desired, seen));
  if (posted === 'done') return;
  if (posted === 'unknown' || !(await clustersRegistry.replaceMap(call, clusterId, complete(desired, seen))))
    throw unknownCluster(clusterId);
}

function changed({ set }: DesiredMap, seen: GatewayMap): GatewayMap {
  return Object.fromEntries(Object.entries(set).filter(([key, value]) => !equal(seen[key], value)));
}

function unknownCluster(clusterId: string): UserError {
  return new UserError(
    `clusterId: "${clusterId}" is not in the clusters registry; register the cluster first, or correct the id`,
  );
}
