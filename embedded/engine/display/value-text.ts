import { stringify } from 'yaml';
import { type PropertyMap, Secret, Unknown, type Value, isPropertyMap, mapValues } from '../values/value';
import { MASKED } from './mask';

const LONGEST_INLINE = 100;
const LONGEST_BLOCK = 60;

/** What a value is shown as that YAML would have to quote: put in after YAML has been written. */
const stand = { secret: 'pulumi-shown-as-secret', unknown: 'pulumi-shown-as-unknown' };
const UNKNOWN_TEXT = '[unknown]';

/** Whether the value is shown on the line of its name. */
export function isInline(value: Value): boolean {
  if (typeof value === 'string') return !value.includes('\n');
  if (Array.isArray(value)) return value.length === 0;
  return !isPropertyMap(value) || Object.keys(value).length === 0;
}

export function inlineText(value: Value): string {
  if (value instanceof Secret) return MASKED;
  if (value instanceof Unknown) return UNKNOWN_TEXT;
  return typeof value === 'string' ? abbreviate(JSON.stringify(value)) : JSON.stringify(value);
}

/** The value as YAML, line by line: long texts abbreviated, long blocks cut. */
function blockLines(value: Value): string[] {
  const yaml = stringify(presentable(value), { lineWidth: 0, aliasDuplicateObjects: false });
  const shown = yaml.trimEnd().replaceAll(stand.secret, MASKED).replaceAll(stand.unknown, UNKNOWN_TEXT);
  return cut(shown.split('\n'), LONGEST_BLOCK);
}

/** `name: value`, or the name and a block below it. */
export function namedValue(name: string, value: Value): string[] {
  if (isInline(value)) return [`${name}: ${inlineText(value)}`];
  return [`${name}:`, ...blockLines(value).map((line) => `    ${line}`)];
}

/** The first lines, and how many more there are. */
export function cut(lines: string[], most: number): string[] {
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most), `… ${lines.length - most} more lines`];
}

function presentable(value: Value): unknown {
  if (value instanceof Secret) return stand.secret;
  if (value instanceof Unknown) return stand.unknown;
  if (typeof value === 'string') return value.includes('\n') ? value : abbreviate(value);
  if (Array.isArray(value)) return value.map(presentable);
  return isPropertyMap(value) ? mapValues(value, (item) => presentable(item) as Value) : value;
}

function abbreviate(text: string): string {
  if (text.length <= LONGEST_INLINE) return text;
  return `${text.slice(0, 60)}…${text.slice(-20)} (${text.length} characters)`;
}

/** The object that a text says, if it is JSON of one: a change is best shown inside. */
export function parseJson(value: Value | undefined): PropertyMap | undefined {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return undefined;
  try {
    const parsed = JSON.parse(value) as Value;
    return isPropertyMap(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
