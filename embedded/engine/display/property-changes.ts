import type { DiffKind } from '../providers/provider';
import { diff } from '../values/diff';
import { type Path, getPath, parsePath } from '../values/paths';
import { type PropertyMap, Secret, type Value, isPropertyMap } from '../values/value';
import type { ResourceView, StepInfo } from './events';

export type ChangeKind = 'add' | 'delete' | 'update';

export interface PropertyChange {
  kind: ChangeKind;
  path: Path;
  /** The change cannot be made to the resource that exists. */
  replaces: boolean;
  old: Value | undefined;
  new: Value | undefined;
}

/** What a step changes in a resource's properties; nothing for resources that come or go. */
export function changesOf({ old, new: next, detailedDiff }: StepInfo): PropertyChange[] {
  return old && next ? changesBetween(old, next, detailedDiff) : [];
}

/** @param detailed what differs, if that is known; otherwise what differs in the inputs */
export function changesBetween(
  old: ResourceView,
  next: ResourceView,
  detailed: Record<string, DiffKind> = diff(old.inputs, next.inputs),
): PropertyChange[] {
  const changes = Object.entries(detailed).flatMap(([text, kind]) => {
    const path = outsideSecrets(readPath(text), [old.inputs, old.outputs, next.inputs, next.outputs]);
    return expand({ ...kindOf(kind), path, old: valueAt(old, path), new: valueAt(next, path) });
  });
  return withoutRepeatedSecrets(changes);
}

/** `+a-b~c`: the top-level properties that a step adds, deletes and changes. */
export function changedKeys(changes: readonly PropertyChange[]): string {
  const kinds = new Map<string, ChangeKind>();
  for (const { path, kind } of changes) {
    const key = String(path[0] ?? '');
    kinds.set(key, path.length === 1 && (kinds.get(key) ?? kind) === kind ? kind : 'update');
  }
  const keysOf = (wanted: ChangeKind) => [...kinds].filter(([, kind]) => kind === wanted).map(([key]) => key);
  const part = (symbol: string, kind: ChangeKind) => (keysOf(kind).length > 0 ? symbol + keysOf(kind).join(',') : '');
  return part('+', 'add') + part('-', 'delete') + part('~', 'update');
}

function kindOf(kind: DiffKind): Pick<PropertyChange, 'kind' | 'replaces'> {
  const [change, replace] = kind.split('-') as [ChangeKind, string?];
  return { kind: change, replaces: replace !== undefined };
}

/** Providers may write paths in forms that cannot be read: those name a top-level property then, if anything. */
function readPath(text: string): Path {
  try {
    return parsePath(text);
  } catch {
    return [text];
  }
}

/** The path up to the first secret on the way, in whichever of the maps: its keys are no one's business either. */
function outsideSecrets(path: Path, maps: readonly PropertyMap[]): Path {
  const end = path.findIndex((_, i) => maps.some((map) => getPath(map, path.slice(0, i + 1)) instanceof Secret));
  return end < 0 ? path : path.slice(0, end + 1);
}

function valueAt({ inputs, outputs }: ResourceView, path: Path): Value | undefined {
  return getPath(inputs, path) ?? getPath(outputs, path);
}

/** A provider may report a whole block as changed: what differs in it says more. */
function expand(change: PropertyChange): PropertyChange[] {
  const { old, new: next } = change;
  if (change.kind !== 'update' || !isPropertyMap(old) || !isPropertyMap(next)) return [change];
  const inner = Object.entries(diff(old, next));
  if (inner.length === 0) return [change];
  return inner.map(([text, kind]) => {
    const path = parsePath(text);
    return { ...change, kind, path: [...change.path, ...path], old: getPath(old, path), new: getPath(next, path) };
  });
}

/** Several paths into one secret are one change of it. */
function withoutRepeatedSecrets(changes: PropertyChange[]): PropertyChange[] {
  const seen = new Set<Value>();
  return changes.filter(({ old, new: next }) => {
    const secret = next instanceof Secret ? next : old;
    if (!(secret instanceof Secret)) return true;
    if (seen.has(secret)) return false;
    seen.add(secret);
    return true;
  });
}
