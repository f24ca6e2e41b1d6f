import { inJson } from './scalar';
import type { YamlValue } from './yaml';

/**
 * A value of a stack's configuration as the pulumi CLI hands it to the program: a text as it is, all else as JSON in Go's
 * way. A key with nothing after it is an empty text (the CLI announces that it will be null some day).
 *
 * @throws RangeError for a number that JSON has no form for
 */
export function configText(value: YamlValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return String(value);
  return value === null ? '' : json(value);
}

function json(value: YamlValue): string {
  if (typeof value === 'bigint') return String(inJson(value));
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError('infinite, or not a number');
  if (typeof value === 'string') return text(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(json).join(',')}]`;
  const members = Object.keys(value)
    .sort()
    .map((key) => `${text(key)}:${json(value[key] ?? null)}`);
  return `{${members.join(',')}}`;
}

const text = (value: string) =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
