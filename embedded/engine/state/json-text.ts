import { Secret, Unknown } from '../values/value';

/** Writes the text of a secret that stands at a path; the path's parts stand between slashes. */
export type SecretText = (secret: Secret, path: string) => string;

/**
 * JSON as the CLI writes it: without spaces, keys of objects in order.
 *
 * @param path where the value stands, for the secrets in it and for messages
 * @throws Error if an unknown value occurs: only previews have those, and previews are never written
 */
export function jsonText(value: unknown, path: string, secretText: SecretText): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (value instanceof Secret) return secretText(value, path);
  if (value instanceof Unknown) throw new Error(`unknown value at ${path} in a state to be written`);
  if (Array.isArray(value)) {
    return `[${value.map((item, index) => jsonText(item, `${path}/${index}`, secretText)).join(',')}]`;
  }
  const map = value as Record<string, unknown>;
  const members = Object.keys(map)
    .sort()
    .filter((key) => map[key] !== undefined)
    .map((key) => `${JSON.stringify(key)}:${jsonText(map[key], `${path}/${key}`, secretText)}`);
  return `{${members.join(',')}}`;
}
