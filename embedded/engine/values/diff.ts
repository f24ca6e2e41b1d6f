import { formatPath, type Path } from './paths';
import { type PropertyMap, type Value, equal, isPropertyMap } from './value';

export type LeafChange = 'add' | 'delete' | 'update';

/**
 * What differs, leaf by leaf: lists by index, objects by key. What came or went as a whole is named as a whole. Of a secret
 * only the whole can have changed: which of its parts is nobody's business. A value that is not known yet may become
 * anything and counts as an update.
 */
export function diff(old: PropertyMap, next: PropertyMap): Record<string, LeafChange> {
  const changes: Record<string, LeafChange> = {};
  compare(old, next, [], changes);
  return changes;
}

function compare(
  old: Value | undefined,
  next: Value | undefined,
  path: Path,
  changes: Record<string, LeafChange>,
): void {
  if (old === undefined) changes[formatPath(path)] = 'add';
  else if (next === undefined) changes[formatPath(path)] = 'delete';
  else if (isPropertyMap(old) && isPropertyMap(next)) compareMaps(old, next, path, changes);
  else if (Array.isArray(old) && Array.isArray(next)) compareLists(old, next, path, changes);
  else if (!equal(old, next)) changes[formatPath(path)] = 'update';
}

function compareMaps(old: PropertyMap, next: PropertyMap, path: Path, changes: Record<string, LeafChange>): void {
  for (const key of Object.keys(old)) compare(old[key], next[key], [...path, key], changes);
  for (const key of Object.keys(next)) {
    if (!(key in old)) compare(undefined, next[key], [...path, key], changes);
  }
}

function compareLists(old: Value[], next: Value[], path: Path, changes: Record<string, LeafChange>): void {
  for (let i = 0; i < Math.max(old.length, next.length); i++) compare(old[i], next[i], [...path, i], changes);
}
