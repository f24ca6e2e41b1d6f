import { isObject } from '../store/filter';

/**
 * A document without its empty objects, and without what is empty without those, as Mongoose answers. Those that are
 * elements of a list stay.
 */
export function minimized(document: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.entries(document).flatMap(([key, value]) => {
    const inner = minimizedValue(value);
    const isEmpty = isObject(inner) && Object.keys(inner).length === 0;
    return isEmpty ? [] : [[key, inner] as const];
  });
  return Object.fromEntries(kept);
}

function minimizedValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(minimizedValue);
  return isObject(value) ? minimized(value) : value;
}
