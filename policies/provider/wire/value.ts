/** Property values as they travel between engine and provider: JSON, plus secrets and values not known yet. */
export type Value = Json | Value[] | Properties | Secret | Unknown;

export interface Properties {
  [key: string]: Value;
}

export type Json = null | boolean | number | string | Json[] | JsonObject;

export interface JsonObject {
  [key: string]: Json;
}

/** A value that must not reach a log, an error message or a diff. */
export class Secret {
  constructor(readonly value: Value) {}
}

/** What a preview cannot know: the output of a resource that does not exist yet. */
export class Unknown {
  readonly kind = 'unknown';
}

export const unknown = new Unknown();

export function isProperties(value: Value | undefined): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isMarker(value);
}

function isMarker(value: object): value is Secret | Unknown {
  return value instanceof Secret || value instanceof Unknown;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value of a JSON text; undefined where it is none. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** The value inside a secret, or the value itself. */
export function open(value: Value | undefined): Value | undefined {
  return value instanceof Secret ? open(value.value) : value;
}

/**
 * The value as plain JSON, secrets included: only for what is sent to the services.
 *
 * @throws Error if a part is unknown: the engine sends unknowns in previews only, where nothing is sent
 */
export function reveal(value: Value): Json {
  if (value instanceof Secret) return reveal(value.value);
  if (value instanceof Unknown) throw new Error('a value that is not known yet would have been sent');
  if (Array.isArray(value)) return value.map(reveal);
  if (isProperties(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, reveal(item)]));
  return value;
}

export function without(properties: Properties, key: string): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => name !== key));
}

function contains(value: Value, predicate: (part: Value) => boolean): boolean {
  if (predicate(value)) return true;
  if (value instanceof Secret) return contains(value.value, predicate);
  if (Array.isArray(value)) return value.some((item) => contains(item, predicate));
  return isProperties(value) && Object.values(value).some((item) => contains(item, predicate));
}

export const containsUnknown = (value: Value) => contains(value, (part) => part instanceof Unknown);
export const containsSecret = (value: Value) => contains(value, (part) => part instanceof Secret);

/** Deep equality; a secret equals its value, an unknown nothing. */
export function equal(left: Value | undefined, right: Value | undefined): boolean {
  const [a, b] = [open(left), open(right)];
  if (a === undefined || b === undefined) return a === b;
  if (a instanceof Unknown || b instanceof Unknown) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => equal(item, b[i]));
  }
  if (isProperties(a) && isProperties(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
  }
  return a === b;
}

/**
 * A value without its empty objects, at any depth, as the clusters registry (Mongoose, minimize) answers with it. In a list
 * an object that becomes empty stays.
 */
export function minimized(value: Json): Json {
  if (Array.isArray(value)) return value.map(minimized);
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value)
    .map(([key, item]) => [key, minimized(item)] as const)
    .filter(([, item]) => !isJsonObject(item) || Object.keys(item).length > 0);
  return Object.fromEntries(kept);
}

/** The same JSON text for equal values, whatever the order of their keys. */
export function canonicalText(value: Json): string {
  return JSON.stringify(value, (_key, part: Json) =>
    isJsonObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}
