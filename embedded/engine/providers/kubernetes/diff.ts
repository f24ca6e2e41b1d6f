import { type Difference, differences } from '../../values/diff';
import { formatPath, getPath, setPath } from '../../values/paths';
import { type PropertyMap, Unknown, isPropertyMap, reveal } from '../../values/value';
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
export function diffObject({ type, oldInputs, newInputs }: DiffRequest, settings: DiffSettings): DiffResult {
  const fields = replacingFields(newInputs, isPatch(type, newInputs), settings);
  const [before, after] = [oldInputs, newInputs].map((inputs) => reveal(normalized(inputs)));
  const found = [...differences(before, after, same)];
  // Into secrets, too, as the official provider: displays mask them.
  const detailed = Object.fromEntries(found.map((one) => [formatPath(one.path, PLAIN_KEY), changeOf(one, fields)]));
  const replaces = Object.keys(detailed).filter((path) => detailed[path]?.endsWith('-replace'));
  return {
    changes: found.length > 0,
    replaces,
    deleteBeforeReplace: replaces.length > 0 && takesTheSamePlace(oldInputs, newInputs),
    detailed,
  };
}

function changeOf({ path, old, next }: Difference, fields: FieldPath[]): DiffKind {
  const kind = isAbsent(path, next) ? 'delete' : isAbsent(path, old) ? 'add' : 'update';
  return changesField(fields, path, isAbsent(path, next) ? old : next) ? `${kind}-replace` : kind;
}

/** Keys that the official provider does not quote in paths: more than Pulumi's engine. */
const PLAIN_KEY = /^[^."[\]]*$/;

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
