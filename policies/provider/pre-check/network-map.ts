import { ResponseError, UserError } from '../errors';
import { pause } from '../http/pause';
import type { Call } from '../resource-handler';
import type { GatewayMap } from '../services/gateway';
import { type Json, equal, isJsonObject } from '../wire/value';
import { type MapStore, notConverged, ROUNDS } from './store';
import { type DesiredMap, complete, matches, surplus } from './desired-map';

/**
 * The network's map: every gateway process has its own, and all of them are to be as desired.
 *
 * @param processes how many answer at the gateway's address
 */
export function networkMap(processes: number): MapStore {
  const readAll = (call: Call) => call.services.gateway.networkMaps(call, processes);
  return {
    key: 'network',
    missing: () => new UserError('there is no gateway'),
    async read(call, expected) {
      const maps = await readAll(call);
      if (expected !== undefined) return maps.find((map) => !equal(map, expected)) ?? expected;
      return together(maps);
    },
    reconcile: (call, desired, before) => new Convergence(call, desired, readAll, processes).run(before),
  };
}

/**
 * A release that does as documented merges what is posted and removes a key at an empty value; the deployed one stores only
 * what is posted, empty values too. So the map is posted as it should be, and where no process becomes so, with an empty
 * value for what has to go.
 */
class Convergence {
  private withRemovals = false;
  private lastFailure: string | undefined;

  constructor(
    private readonly call: Call,
    private readonly desired: DesiredMap,
    private readonly readAll: (call: Call) => Promise<Json[]>,
    private readonly processes: number,
  ) {}

  async run(before: Json): Promise<Json> {
    const { call, desired } = this;
    const { timing } = call.services;
    let maps = await this.readAll(call);
    for (let round = 1; !(await this.lastingly(maps)); round++) {
      if (round > ROUNDS) throw this.failure(maps);
      if (round > 1) {
        const strays = maps.filter((map) => !matches(desired, map)).length;
        call.status(
          `${strays} of ${maps.length} answers differ from the wanted map: writing again (${round} of ${ROUNDS})`,
        );
        await pause(timing.backoffMs * (round - 1), call.signal);
      }
      await this.post(round === 1 ? together([before, ...maps]) : together(maps), maps);
      maps = await this.readAll(call);
      if (!maps.some((map) => matches(desired, map))) this.withRemovals = !this.withRemovals;
    }
    return maps[0] ?? {};
  }

  /** Posts so often that every process is likely to hear of it; none is harmed by hearing it twice. */
  private async post(base: Json, maps: readonly Json[]): Promise<void> {
    const { gateway } = this.call.services;
    const whole = complete(this.desired, base);
    const toGo = this.withRemovals ? maps.flatMap((map) => surplus(this.desired, map)) : [];
    const posted: GatewayMap = { ...whole, ...Object.fromEntries(toGo.map((key) => [key, ''])) };
    try {
      await Promise.all(times(this.processes, () => gateway.postNetworkMap(this.call, posted)));
    } catch (error) {
      if (!(error instanceof ResponseError)) throw error;
      this.lastFailure = error.message;
    }
  }

  /** Whether all answers are as desired and agree, and still do when updates that were under way have come through. */
  private async lastingly(maps: readonly Json[]): Promise<boolean> {
    const agreed = (some: readonly Json[]) => some.every((map) => matches(this.desired, map) && equal(map, some[0]));
    if (!agreed(maps)) return false;
    await pause(this.call.services.timing.settleMs, this.call.signal);
    return agreed(await this.readAll(this.call));
  }

  private failure(maps: readonly Json[]): Error {
    const { desired } = this;
    const seen = maps.find((map) => !matches(desired, map)) ?? together(maps);
    const poisoned = maps.find((map) => !isJsonObject(map));
    const causes = [
      poisoned === undefined
        ? 'Something else keeps writing it, or more gateway processes answer than the input replicas says.'
        : `A gateway process holds ${JSON.stringify(poisoned)} in place of a map, and refuses every update until it is restarted: kubectl --namespace services rollout restart deployment/cluster-controller-gateway`,
      ...(this.lastFailure === undefined ? [] : [`The last update failed: ${this.lastFailure}`]),
    ];
    return new UserError(notConverged("the network's map", complete(desired, together(maps)), seen, causes));
  }
}

/** The maps of several processes as one: what only one of them knows is kept. */
function together(maps: readonly Json[]): Json {
  const proper = maps.filter(isJsonObject);
  if (proper.length === 0) return maps[0] ?? {};
  return Object.assign({}, ...proper.toReversed()) as GatewayMap;
}

const times = <T>(count: number, make: () => Promise<T>): Promise<T>[] => Array.from({ length: count }, make);
