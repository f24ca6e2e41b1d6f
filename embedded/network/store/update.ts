import type { Document } from './collection';
import { isObject } from './filter';

/**
 * A document after a MongoDB update: `$set` and `$unset` with dotted paths. Keys without an operator are set.
 * @throws Error naming an operator that is not known
 */
export function applyUpdate(document: Document, update: unknown): Document {
  if (!isObject(update)) throw new Error('update must be an object');
  return Object.entries(update).reduce((result, [key, value]) => {
    if (key === '$set') return setAll(result, value);
    if (key === '$unset')
      return Object.keys(asObject(value)).reduce((rest, path) => change(rest, path.split('.')), result);
    if (key.startsWith('$')) throw new Error(`Unknown modifier: ${key}`);
    return setAll(result, { [key]: value });
  }, document);
}

function setAll(document: Document, values: unknown): Document {
  return Object.entries(asObject(values)).reduce(
    (result, [path, value]) => change(result, path.split('.'), { value }),
    document,
  );
}

/** @param to absent: the key is removed */
function change(document: Document, path: readonly string[], to?: { value: unknown }): Document {
  const [key = '', ...rest] = path;
  if (rest.length === 0) {
    if (to) return { ...document, [key]: to.value };
    return Object.fromEntries(Object.entries(document).filter(([name]) => name !== key));
  }
  const inner = document[key];
  if (!isObject(inner) && !to) return document;
  return { ...document, [key]: change(isObject(inner) ? inner : {}, rest, to) };
}

function asObject(value: unknown): Document {
  if (!isObject(value)) throw new Error('modifiers operate on fields, but the value is no object');
  return value;
}
