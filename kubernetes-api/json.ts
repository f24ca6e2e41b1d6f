/** What the Kubernetes API speaks: no secrets, nothing unknown. */
export type Json = null | boolean | number | string | Json[] | JsonMap;

export interface JsonMap {
  [key: string]: Json;
}

export function isJsonMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands under the keys, one inside the other; undefined where there is none. */
export function at(value: Json | undefined, ...keys: string[]): Json | undefined {
  return keys.reduce<Json | undefined>((inner, key) => (isJsonMap(inner) ? inner[key] : undefined), value);
}

export function textAt(value: Json | undefined, ...keys: string[]): string {
  const found = at(value, ...keys);
  return typeof found === 'string' ? found : '';
}

export function numberAt(value: Json | undefined, ...keys: string[]): number {
  const found = at(value, ...keys);
  return typeof found === 'number' ? found : 0;
}

export function listAt(value: Json | undefined, ...keys: string[]): Json[] {
  const found = at(value, ...keys);
  return Array.isArray(found) ? found : [];
}

export function mapAt(value: Json | undefined, ...keys: string[]): JsonMap {
  const found = at(value, ...keys);
  return isJsonMap(found) ? found : {};
}
