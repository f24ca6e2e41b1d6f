import { type Path, formatPath, getPath, setPath } from '../../values/paths';
import { type PropertyMap, Secret, Unknown, type Value, isPropertyMap } from '../../values/value';
import type { DiffKind, DiffRequest, DiffResult } from '../provider';
import { commonKind } from './api/kinds';
import { isPatch } from './object';
import { type FieldPath, changesField, replacingFields } from './replacement-rules';
import { isAbsent, same } from './same';
import type { Settings } from './settings';

type DiffSettings = Pick<Settings, 'enableConfigMapMutable' | 'enableSecretMutable'>;

/**
 * What changed between the inputs of the last update and the new ones, and whether an update is enough. Other spellings of
 * the same value (`0.5` and `500m`) are no change. Asks nobody: what the cluster knows besides is the business of `read`.
 */
export function diffObject(request: DiffRequest, settings: DiffSettings): DiffResult {
  const { type, oldInputs, newInputs } = request;
  const fields = replacingFields(newInputs, isPatch(type, newInputs), settings);
  const comparison = new Comparison(fields);
  comparison.compare(normalized(oldInputs), normalized(newInputs), []);
  const { detailed } = comparison;
  const replaces = Object.keys(detailed).filter((path) => detailed[path]?.endsWith('-replace'));
  return {
    changes: Object.keys(detailed).length > 0,
    replaces,
    deleteBeforeReplace: replaces.length > 0 && takesTheSamePlace(oldInputs, newInputs),
    detailed,
  };
}

/** Collects what differs, field by field. */
class Comparison {
  readonly detailed: Record<string, DiffKind> = {};

  constructor(private readonly replacing: FieldPath[]) {}

  /** @param secretAt the outermost secret around the path: of a secret only the whole is shown to have changed */
  compare(old: Value | undefined, next: Value | undefined, path: Path, secretAt?: Path): void {
    if (same(path, old, next)) return;
    if (old instanceof Secret || next instanceof Secret) {
      const [oldPlain, nextPlain] = [old, next].map((value) => (value instanceof Secret ? value.value : value));
      this.compare(oldPlain, nextPlain, path, secretAt ?? path);
    } else if (isPropertyMap(old) && isPropertyMap(next)) {
      for (const key of new Set([...Object.keys(old), ...Object.keys(next)])) {
        this.compare(old[key], next[key], [...path, key], secretAt);
      }
    } else if (Array.isArray(old) && Array.isArray(next)) {
      for (let i = 0; i < Math.max(old.length, next.length); i++) {
        this.compare(old[i], next[i], [...path, i], secretAt);
      }
    } else {
      this.record(old, next, path, secretAt);
    }
  }

  private record(old: Value | undefined, next: Value | undefined, path: Path, secretAt: Path | undefined): void {
    const kind = isAbsent(path, next) ? 'delete' : isAbsent(path, old) ? 'add' : 'update';
    const replace = changesField(this.replacing, path, kind === 'delete' ? old : next);
    const shown = secretAt !== undefined && secretAt.length < path.length ? 'update' : kind;
    const key = formatPath(secretAt ?? path);
    if (this.detailed[key]?.endsWith('-replace')) return;
    this.detailed[key] = replace ? `${shown}-replace` : shown;
  }
}

/** The same thing said in one way. */
const normalized = (inputs: PropertyMap) => withoutEmptyClass(withNamespace(inputs));

/** A volume of no class has none in the API, and none in states of the CLI. (A claim's empty class is a choice of its own.) */
function withoutEmptyClass(inputs: PropertyMap): PropertyMap {
  const isEmpty = getPath(inputs, ['spec', 'storageClassName']) === '';
  return inputs.kind === 'PersistentVolume' && isEmpty ? setPath(inputs, ['spec', 'storageClassName'], null) : inputs;
}

/** Where a namespaced object names no namespace, it means `default`. */
function withNamespace(inputs: PropertyMap): PropertyMap {
  const { apiVersion, kind } = inputs;
  const known = typeof apiVersion === 'string' && typeof kind === 'string' && commonKind({ apiVersion, kind });
  const namespace = getPath(inputs, ['metadata', 'namespace']);
  if (known && !known.namespaced) return withMetadata(inputs, { namespace: null });
  return namespace === undefined || namespace === '' ? withMetadata(inputs, { namespace: 'default' }) : inputs;
}

function withMetadata(inputs: PropertyMap, changed: PropertyMap): PropertyMap {
  const { metadata } = inputs;
  return { ...inputs, metadata: { ...(isPropertyMap(metadata) ? metadata : {}), ...changed } };
}

/** Whether the new object needs the old one's name: two cannot be there at once. */
function takesTheSamePlace(oldInputs: PropertyMap, newInputs: PropertyMap): boolean {
  const [oldPlain, newPlain] = [withNamespace(oldInputs), withNamespace(newInputs)];
  return ['name', 'namespace'].every((key) => {
    const next = getPath(newPlain, ['metadata', key]);
    return !(next instanceof Unknown) && same(['metadata', key], getPath(oldPlain, ['metadata', key]), next);
  });
}
