import { pythonType, requireDict } from '../../../policies/pre-checks';
import { isObject } from '../store/filter';

/**
 * What Python's `dict.update` makes of a map and a JSON value: objects are merged, and so are lists of pairs.
 * @throws Error with Python's text
 */
export function pythonUpdate(map: unknown, posted: unknown): Record<string, unknown> {
  const known = requireDict(map, 'update');
  if (isObject(posted)) return { ...known, ...posted };
  if (posted === '') return { ...known };
  if (!Array.isArray(posted)) {
    throw new Error(
      typeof posted === 'string'
        ? 'dictionary update sequence element #0 has length 1; 2 is required'
        : `'${pythonType(posted)}' object is not iterable`,
    );
  }
  return { ...known, ...Object.fromEntries(posted.map(toPair)) };
}

function toPair(element: unknown, index: number): [string, unknown] {
  if (!Array.isArray(element) && typeof element !== 'string') {
    throw new Error(`cannot convert dictionary update sequence element #${index} to a sequence`);
  }
  const [key, value] = element as [unknown, unknown];
  if (element.length !== 2) {
    throw new Error(`dictionary update sequence element #${index} has length ${element.length}; 2 is required`);
  }
  return [typeof key === 'string' ? key : JSON.stringify(key), value];
}
