import type { GatewayMap } from '../services/gateway';
import { type Json, type Properties, equal, isJsonObject, reveal } from '../wire/value';
import { listedKeys, wantedMap } from './bindings';

/** What a map of the gateway should be like. */
export interface DesiredMap {
  /** Keys with their values. */
  set: GatewayMap;
  /** Keys that should not be there. An empty value would not do: it denies every `create_cluster`. */
  absent: readonly string[];
  /** Whether keys that are neither set nor absent have to go. */
  exact: boolean;
}

/** What inputs ask for. */
export function desiredMapOf(inputs: Properties): DesiredMap {
  const set = wantedMap(inputs);
  const absent = listedKeys(inputs).filter((key) => !Object.hasOwn(set, key));
  return { set, absent, exact: inputs.unlisted === 'remove' };
}

/** What new inputs ask for; keys that they no longer name are handed back as on a delete. */
export function desiredAfterUpdate(olds: Properties, news: Properties, previous: GatewayMap): DesiredMap {
  const desired = desiredMapOf(news);
  if (desired.exact) return desired;
  const kept = new Set(listedKeys(news));
  const released = release(
    listedKeys(olds).filter((key) => !kept.has(key)),
    olds,
    previous,
  );
  return { set: { ...released.set, ...desired.set }, absent: [...released.absent, ...desired.absent], exact: false };
}

/** What a delete leaves behind: what was there before, or nothing. */
export function desiredAfterDelete(inputs: Properties, previous: GatewayMap): DesiredMap {
  if (inputs.unlisted !== 'remove') return { ...release(listedKeys(inputs), inputs, previous), exact: false };
  return { set: inputs.onDelete === 'clear' ? {} : previous, absent: [], exact: true };
}

function release(keys: readonly string[], { onDelete }: Properties, previous: GatewayMap): Omit<DesiredMap, 'exact'> {
  const restored = onDelete === 'clear' ? [] : keys.filter((key) => Object.hasOwn(previous, key));
  const set = Object.fromEntries(restored.map((key) => [key, previous[key] ?? null]));
  return { set, absent: keys.filter((key) => !restored.includes(key)) };
}

/**
 * What was there before the resource, to be restored after it. What was already as wanted does not count: a gateway starts
 * with the map of its Deployment's environment, which the same program writes.
 */
export function previousOf(before: Json, inputs: Properties): GatewayMap {
  const wanted = wantedMap(inputs);
  const entries = Object.entries(isJsonObject(before) ? before : {});
  return Object.fromEntries(entries.filter(([key, value]) => !equal(value, wanted[key])));
}

/** `previous` of an update: keys that are named only now are remembered as they are now. */
export function previousOfUpdate(outputs: Properties, before: Json, olds: Properties, news: Properties): GatewayMap {
  const previous = previousIn(outputs);
  if (olds.unlisted === 'remove') return previous;
  const now = previousOf(before, news);
  const known = new Set(listedKeys(olds));
  const fresh = news.unlisted === 'remove' ? Object.keys(now) : listedKeys(news);
  const result = { ...previous };
  for (const key of fresh.filter((name) => !known.has(name))) {
    const value = now[key];
    if (value !== undefined) result[key] = value;
  }
  return result;
}

export function previousIn({ previous }: Properties): GatewayMap {
  const revealed = previous === undefined ? {} : reveal(previous);
  return isJsonObject(revealed) ? revealed : {};
}

/** The whole map to be written over a map that looks like this. */
export function complete(desired: DesiredMap, base: Json): GatewayMap {
  if (desired.exact || !isJsonObject(base)) return desired.set;
  const others = Object.entries(base).filter(([key]) => !desired.absent.includes(key));
  return { ...Object.fromEntries(others), ...desired.set };
}

/** The keys that a map has and should not have. */
export function surplus(desired: DesiredMap, seen: Json): string[] {
  if (!isJsonObject(seen)) return [];
  return Object.keys(seen).filter(
    (key) => !Object.hasOwn(desired.set, key) && (desired.exact || desired.absent.includes(key)),
  );
}

/** Whether a map is as desired. */
export function matches(desired: DesiredMap, seen: Json): boolean {
  if (!isJsonObject(seen)) return false;
  return (
    Object.entries(desired.set).every(([key, value]) => equal(seen[key], value)) && surplus(desired, seen).length === 0
  );
}
