import { UserError } from '../../shared/errors';
import { type Path, child, parsePath } from './paths';
import { type PropertyMap, Secret, Unknown, type Value, isPropertyMap } from './value';
import { secret } from './wire';

/**
 * The new inputs with what is at the paths reset to the old inputs' (`ignoreChanges`): what only the new have is left out
 * again, what only the old have comes back. Nothing on the way to the path is made.
 *
 * @param paths of keys
 * @throws UserError naming a path that only one side can be followed along
 */
export function ignoreChanges(next: PropertyMap, old: PropertyMap, paths: readonly string[]): PropertyMap {
  return paths.reduce((result, path) => {
    const changed = reset(old, result, parsePath(path), false);
    if (changed !== BLOCKED) return changed as PropertyMap;
    throw new UserError(
      `cannot ignore changes to "${path}": an element of the path is missing in the old or in the new inputs; ignore the ` +
        'nearest property that both have',
    );
  }, next);
}

/** The path leads to a place on one side that the other side lacks. */
const BLOCKED = Symbol('blocked');

type Reset = Value | undefined | typeof BLOCKED;

/** @param hidden what comes from `old` is secret there, and would not be any more at its place in `next` */
function reset(old: Value | undefined, next: Value | undefined, path: Path, hidden: boolean): Reset {
  const [key, ...rest] = path;
  if (key === undefined) return hidden && old !== undefined ? secret(old) : old;
  if (next instanceof Secret) {
    const inner = reset(old instanceof Secret ? old.value : old, next.value, path, false);
    return inner === BLOCKED || inner === undefined ? inner : secret(inner);
  }
  if (old instanceof Secret) return reset(old.value, next, path, true);
  if (next instanceof Unknown || (!isPropertyMap(old) && !isPropertyMap(next))) return next;
  if (!isPropertyMap(old) || !isPropertyMap(next)) return BLOCKED;
  const value = reset(child(old, key), child(next, key), rest, hidden);
  if (value === BLOCKED) return BLOCKED;
  const others = Object.entries(next).filter(([name]) => name !== String(key));
  return value === undefined ? Object.fromEntries(others) : { ...next, [key]: value };
}
