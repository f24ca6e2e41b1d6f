import { formatPath, type Path } from './paths';
import { type PropertyMap, type Value, equal, isPropertyMap } from './value';

export type LeafChange = 'add' | 'delete' | 'update';

/** A place where two values differ, and what they have there. */
export interface Difference {
  path: Path;
  old: Value | undefined;
  next: Value | undefined;
}

/**
 * What differs, leaf by leaf: lists by index, objects by key. What came or went as a whole is named as a whole, and so is a
 * secret.
 *
 * @param same whether two values at a place mean the same
 */
export function* differences(
  old: Value | undefined,
  next: Value | undefined,
  same: (path: Path, old: Value | undefined, next: Value | undefined) => boolean,
  path: Path = [],
): Generator<Difference> {
  if (same(path, old, next)) return;
  if (isPropertyMap(old) && isPropertyMap(next)) {
    for (const key of new Set([...Object.keys(old), ...Object.keys(next)])) {
      yield* differences(old[key], next[key], same, [...path, key]);
    }
  } else if (Array.isArray(old) && Array.isArray(next)) {
    for (let i = 0; i < Math.max(old.length, next.length); i++) {
      yield* differences(old[i], next[i], same, [...path, i]);
    }
  } else {
    yield { path, old, next };
  }
}

/**
 * The differences by path. Of a secret only the whole can have changed: which of its parts is nobody's business. A value that
 * is not known yet may become anything and counts as an update.
 */
export function diff(old: PropertyMap, next: PropertyMap): Record<string, LeafChange> {
  const found = [...differences(old, next, (_, a, b) => equal(a, b))];
  return Object.fromEntries(found.map((one) => [formatPath(one.path), changeOf(one)]));
}

const changeOf = ({ old, next }: Difference): LeafChange =>
  old === undefined ? 'add' : next === undefined ? 'delete' : 'update';
