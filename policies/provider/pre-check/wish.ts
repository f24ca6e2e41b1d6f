import type { GatewayMap } from '../services/gateway';
import { type Json, type Properties, equal, isJsonObject, reveal } from '../wire/value';
import { listedKeys, wantedMap } from './bindings';

/** What a map of the gateway should be like. */
export interface Wish {
  /** Keys with their values. */
  set: GatewayMap;
  /** Keys that should not be there. An empty value would not do: it denies every `create_cluster`. */
  absent: readonly string[];
  /** Whether keys that are neither set nor absent have to go. */
  exact: boolean;
}

/** What inputs ask for. */
export function wishOf(inputs: Properties): Wish {
  const set = wantedMap(inputs);
  const absent = listedKeys(inputs).filter((key) => !Object.hasOwn(set, key));
  return { set, absent, exact: inputs.unlisted === 'remove' };
}

/** What new inputs ask for; keys that they no longer name are handed back as on a delete. */
export function wishOfUpdate(olds: Properties, news: Properties, previous: GatewayMap): Wish {
  const wish = wishOf(news);
  if (wish.exact) return wish;
  const kept = new Set(listedKeys(news));
  const released = release(
    listedKeys(olds).filter((key) => !kept.has(key)),
    olds,
    previous,
  );
  return { set: { ...released.set, ...wish.set }, absent: [...released.absent, ...wish.absent], exact: false };
}

/** What a delete leaves behind: what was there before, or nothing. */
export function wishOfDelete(inputs: Properties, previous: GatewayMap): Wish {
  if (inputs.unlisted !== 'remove') return { ...release(listedKeys(inputs), inputs, previous), exact: false };
  return { set: inputs.onDelete === 'clear' ? {} : previous, absent: [], exact: true };
}

function release(keys: readonly string[], { onDelete }: Properties, previous: GatewayMap): Omit<Wish, 'exact'> {
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
export function complete(wish: Wish, base: Json): GatewayMap {
  if (wish.exact || !isJsonObject(base)) return wish.set;
  const others = Object.entries(base).filter(([key]) => !wish.absent.includes(key));
  return { ...Object.fromEntries(others), ...wish.set };
}

/** The keys that a map has and should not have. */
export function surplus(wish: Wish, seen: Json): string[] {
  if (!isJsonObject(seen)) return [];
  return Object.keys(seen).filter((key) => !Object.hasOwn(wish.set, key) && (wish.exact || wish.absent.includes(key)));
}

/** Whether a map is as wished. */
export function fulfils(wish: Wish, seen: Json): boolean {
  if (!isJsonObject(seen)) return false;
  return Object.entries(wish.set).every(([key, value]) => equal(seen[key], value)) && surplus(wish, seen).length === 0;
}
