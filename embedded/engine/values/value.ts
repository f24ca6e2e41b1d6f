/**
 * Property values as the engine holds them: plain JSON plus two things that Pulumi's protocol adds,
 * secrets and values that are not known before an update has run.
 */
export type Value = null | boolean | number | string | Value[] | PropertyMap | Secret | Unknown;

export interface PropertyMap {
  [key: string]: Value;
}

/** A value that must never reach a log, a diff or a state file in plain text. */
export class Secret {
  /**
   * @param value what is secret; never itself a Secret
   * @param ciphertext how the state file that this secret came from spelled it: kept, so that an
   *   unchanged secret is written back byte for byte
   */
  constructor(
    readonly value: Value,
    readonly ciphertext?: string,
  ) {}
}

/** The output of a resource that does not exist yet: only seen in previews. */
export class Unknown {
  readonly kind = 'unknown';
}

export const unknown = new Unknown();

export function isPropertyMap(value: Value | undefined): value is PropertyMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isMarker(value);
}

function isMarker(value: object): value is Secret | Unknown {
  return value instanceof Secret || value instanceof Unknown;
}

/** The value without its secret wrappers, at any depth. Only for handing it to what may see it. */
export function reveal(value: Value): Value {
  if (value instanceof Secret) return reveal(value.value);
  if (Array.isArray(value)) return value.map(reveal);
  if (isPropertyMap(value)) return mapValues(value, reveal);
  return value;
}

/** Whether a value satisfying the predicate occurs anywhere in it. */
function contains(value: Value, predicate: (value: Value) => boolean): boolean {
  if (predicate(value)) return true;
  if (value instanceof Secret) return contains(value.value, predicate);
  if (Array.isArray(value)) return value.some((item) => contains(item, predicate));
  return isPropertyMap(value) && Object.values(value).some((item) => contains(item, predicate));
}

export const containsUnknown = (value: Value) => contains(value, (v) => v instanceof Unknown);
export const containsSecret = (value: Value) => contains(value, (v) => v instanceof Secret);

export function mapValues(map: PropertyMap, change: (value: Value, key: string) => Value): PropertyMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]));
}

/** Deep equality; a secret equals a secret of the same value, never a plain value, and an unknown nothing. */
export function equal(a: Value | undefined, b: Value | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a instanceof Unknown || b instanceof Unknown) return false;
  if (a instanceof Secret || b instanceof Secret) {
    return a instanceof Secret && b instanceof Secret && equal(a.value, b.value);
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => equal(item, b[i]));
  }
  if (isPropertyMap(a) && isPropertyMap(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => key in b && equal(a[key], b[key]));
  }
  return a === b;
}
