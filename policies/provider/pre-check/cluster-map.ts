import { Refusal } from '../errors';
import { pause } from '../http/pause';
import type { Call } from '../kind';
import type { GatewayMap } from '../services/gateway';
import { type Json, equal, isJsonObject } from '../wire/value';
import { type MapStore, notFulfilled, rounds } from './store';
import { type Wish, complete, fulfils, surplus } from './wish';

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
  const lasts = async (call: Call, wish: Wish, seen: Json): Promise<boolean> => {
    if (!fulfils(wish, seen)) return false;
    // Who read the map before it was written may write it back after it was verified.
    await pause(call.services.timing.settle, call.signal);
    return fulfils(wish, await readKnown(call));
  };
  return {
    key: `cluster/${clusterId}`,
    missing: () => unknownCluster(clusterId),
    read,
    async fulfil(call, wish, before) {
      const { timing } = call.services;
      let seen = before;
      for (let round = 1; !(await lasts(call, wish, seen)); round++) {
        if (round > rounds) {
          const cause = 'Something else keeps writing it.';
          throw new Refusal(notFulfilled(name, complete(wish, seen), seen, [cause]));
        }
        if (round > 1) {
          call.status(`somebody else changed ${name}: writing again (${round} of ${rounds})`);
          await pause(timing.backoff * (round - 1) * Math.random(), call.signal);
          seen = await readKnown(call);
        }
        await write(call, clusterId, wish, seen);
        seen = await readKnown(call);
      }
      return seen;
    },
  };
}

async function write(call: Call, clusterId: string, wish: Wish, seen: Json): Promise<void> {
  const { gateway, clustersRegistry } = call.services;
  const hasToGo = !isJsonObject(seen) || surplus(wish, seen).length > 0;
  const known = hasToGo
    ? await clustersRegistry.replaceMap(call, clusterId, complete(wish, seen))
    : await gateway.postClusterMap(call, clusterId, changed(wish, seen));
  if (!known) throw unknownCluster(clusterId);
}

function changed({ set }: Wish, seen: GatewayMap): GatewayMap {
  return Object.fromEntries(Object.entries(set).filter(([key, value]) => !equal(seen[key], value)));
}

function unknownCluster(clusterId: string): Refusal {
  return new Refusal(
    `clusterId: "${clusterId}" is not in the clusters registry; register the cluster first, or correct the id`,
  );
}
