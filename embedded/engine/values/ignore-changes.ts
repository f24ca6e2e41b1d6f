import { UserError } from '../../shared/errors';
import { type Path, child, parsePath, WILDCARD } from './paths';
import { type PropertyMap, Secret, Unknown, type Value, isPropertyMap } from './value';
import { secret } from './wire';

/**
 * The new inputs with what is at the paths reset to the old inputs' (`ignoreChanges`): what only the new have is left out
 * again, what only the old have comes back. Lists keep their length, and nothing on the way to the path is made.
 *
 * @throws UserError naming every path that only one side can be followed along
 */
export function ignoreChanges(next: PropertyMap, old: PropertyMap, paths: readonly string[]): PropertyMap {
  let result: Value = next;
  const blocked: string[] = [];
  for (const path of paths) {
    try {
      result = reset(old, result, parsePath(path), false);
    } catch (error) {
      if (!(error instanceof Blocked)) throw error;
      blocked.push(path);
    }
  }
  if (blocked.length > 0) {
    throw new UserError(
      `cannot ignore changes to ${blocked.map((path) => `"${path}"`).join(', ')}: an element of the path is missing in the ` +
        'old or in the new inputs; ignore the nearest property that both have',
    );
  }
  return isPropertyMap(result) ? result : next;
}

/** The path leads to a place on one side that the other side lacks. */
class Blocked extends Error {}

/** @param hidden what comes from `old` is secret there, and would not be any more at its place in `next` */
function reset(old: Value | undefined, next: Value, path: Path, hidden: boolean): Value {
  if (next instanceof Secret) return secret(reset(peel(old), next.value, path, false));
  if (old instanceof Secret) return reset(old.value, next, path, true);
  if (next instanceof Unknown) return next;
  const [element, ...rest] = path;
  if (element === WILDCARD) return resetAll(old, next, rest, hidden);
  if (typeof element === 'number') return resetItem(old, next, element, rest, hidden);
  return resetKey(old, next, element ?? '', rest, hidden);
}

const peel = (value: Value | undefined) => (value instanceof Secret ? value.value : value);
const kept = (value: Value, hidden: boolean) => (hidden ? secret(value) : value);

function resetKey(old: Value | undefined, next: Value, key: string, rest: Path, hidden: boolean): Value {
  const oldChild = isPropertyMap(old) ? child(old, key) : undefined;
  if (rest.length > 0) {
    if (!isPropertyMap(next) || !isPropertyMap(old))
      return unchangedUnless(isPropertyMap(old) !== isPropertyMap(next), next);
    const nextChild = child(next, key);
    if (nextChild === undefined) return unchangedUnless(oldChild !== undefined, next);
    return { ...next, [key]: reset(oldChild, nextChild, rest, hidden) };
  }
  if (!isPropertyMap(next)) return unchangedUnless(oldChild !== undefined, next);
  return oldChild === undefined ? without(next, key) : { ...next, [key]: kept(oldChild, hidden) };
}

function resetItem(old: Value | undefined, next: Value, index: number, rest: Path, hidden: boolean): Value {
  if (!Array.isArray(old) || !Array.isArray(next))
    return unchangedUnless(Array.isArray(old) || Array.isArray(next), next);
  const oldItem = old[index];
  const nextItem = next[index];
  if (oldItem === undefined || nextItem === undefined) return unchangedUnless(oldItem !== nextItem, next);
  return next.with(index, rest.length === 0 ? kept(oldItem, hidden) : reset(oldItem, nextItem, rest, hidden));
}

function resetAll(old: Value | undefined, next: Value, rest: Path, hidden: boolean): Value {
  if (isPropertyMap(old) && isPropertyMap(next)) {
    if (rest.length === 0) return Object.fromEntries(Object.entries(old).map(([k, v]) => [k, kept(v, hidden)]));
    return Object.keys(old).reduce<Value>((result, key) => resetKey(old, result, key, rest, hidden), next);
  }
  if (Array.isArray(old) && Array.isArray(next)) {
    if (old.length !== next.length) throw new Blocked();
    return old.reduce<Value>((result, _, index) => resetItem(old, result, index, rest, hidden), next);
  }
  return unchangedUnless(rest.length > 0 || !(isPropertyMap(next) || Array.isArray(next)), next);
}

function unchangedUnless(blocked: boolean, next: Value): Value {
  if (blocked) throw new Blocked();
  return next;
}

function without(map: PropertyMap, key: string): PropertyMap {
  const copy = { ...map };
  Reflect.deleteProperty(copy, key);
  return copy;
}
