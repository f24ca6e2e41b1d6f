/** Whether a JSON value is an object, Python's dict. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The name of the type that a JSON value has in Python. */
export function pythonType(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return typeof value === 'string' ? 'str' : 'dict';
}

/** Whether `if value:` holds in Python. */
export function isTruthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return isObject(value) ? Object.keys(value).length > 0 : Boolean(value);
}

/** `value.get`, `value.update`. @throws Error with Python's text where the value is no dict */
export function requireDict(value: unknown, method: 'get' | 'update'): Record<string, unknown> {
  if (isObject(value)) return value;
  throw new Error(`'${pythonType(value)}' object has no attribute '${method}'`);
}

/** `value[key]`. @throws Error with Python's text where there is none */
export function item(value: unknown, key: string): unknown {
  if (isObject(value)) {
    if (Object.hasOwn(value, key)) return value[key];
    throw new Error(`'${key}'`);
  }
  if (Array.isArray(value)) throw new Error('list indices must be integers or slices, not str');
  if (typeof value === 'string') throw new Error("string indices must be integers, not 'str'");
  throw new Error(`'${pythonType(value)}' object is not subscriptable`);
}

/** A value as Python's f-strings write it. */
export function pythonText(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
