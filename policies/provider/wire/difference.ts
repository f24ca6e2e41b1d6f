import { type Properties, type Value, equal, isProperties, open } from './value';

export type ChangeKind = 'add' | 'delete' | 'update';

/**
 * What changed between two sets of properties, each change at its full path (`bindings.add_node.policy`,
 * `tags[0]`, `metadata["a.b"]`): the engine shows whole objects as removed and added otherwise.
 */
export function difference(olds: Properties, news: Properties): Map<string, ChangeKind> {
  const changes = new Map<string, ChangeKind>();
  compareMaps(olds, news, '', changes);
  return changes;
}

type Changes = Map<string, ChangeKind>;

function compare(old: Value | undefined, now: Value | undefined, path: string, changes: Changes): void {
  if (equal(old, now)) return;
  const [a, b] = [open(old), open(now)];
  if (a === undefined) changes.set(path, 'add');
  else if (b === undefined) changes.set(path, 'delete');
  else if (isProperties(a) && isProperties(b)) compareMaps(a, b, path, changes);
  else if (Array.isArray(a) && Array.isArray(b)) compareLists(a, b, path, changes);
  else changes.set(path, 'update');
}

function compareMaps(olds: Properties, news: Properties, path: string, changes: Changes): void {
  for (const key of new Set([...Object.keys(olds), ...Object.keys(news)])) {
    compare(olds[key], news[key], join(path, key), changes);
  }
}

function compareLists(olds: Value[], news: Value[], path: string, changes: Changes): void {
  for (let i = 0; i < Math.max(olds.length, news.length); i++) compare(olds[i], news[i], `${path}[${i}]`, changes);
}

function join(path: string, key: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

/** The first key of a path. */
export const topLevel = (path: string) => /^[^.[]*/.exec(path)?.[0] ?? path;
