import { SECRET } from './redact';

/** One property that differs. */
export interface Change {
  /** `spec.template.spec.containers[parser].image`: parts of lists that have names are told by them. */
  path: string;
  /** Absent: added. */
  before?: string;
  /** Absent: removed. */
  after?: string;
  /** Whether it is why the resource is replaced. */
  replaces: boolean;
}

type Properties = Readonly<Record<string, unknown>>;

/** The properties that differ between two values, each with its path. */
export function compareProperties(before: unknown, after: unknown, path = ''): Change[] {
  if (Object.is(before, after)) return [];
  const [left, right] = [opened(before), opened(after)];
  if (left === undefined || right === undefined || (isEmpty(left) && isEmpty(right))) {
    return JSON.stringify(before) === JSON.stringify(after) ? [] : leaves(before, after, path);
  }
  const keys = [...new Set([...Object.keys(left.parts), ...Object.keys(right.parts)])];
  return keys
    .filter((key) => !isOwnName(key, path, left, right))
    .flatMap((key) =>
      compareProperties(left.parts[key], right.parts[key], joined(path, key, left.isList || right.isList)),
    );
}

/** A value as one line: short enough to be read, quoted only where it would be unclear. */
export function shown(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  const lines = value.split('\n').length;
  if (lines > 1) return `[text of ${lines} lines]`;
  if (value.length > 160) return `${value.slice(0, 120)}… [${value.length} characters]`;
  return value === '' || /^\s|\s$/.test(value) ? JSON.stringify(value) : value;
}

/** All properties of a value, each as if it had just been added. */
export const propertiesOf = (value: Properties) => compareProperties({}, value);

function leaves(before: unknown, after: unknown, path: string): Change[] {
  const side = before === undefined ? after : before;
  const parts = before === undefined || after === undefined ? opened(side) : undefined;
  if (parts !== undefined && !isEmpty(parts)) {
    return Object.entries(parts.parts).flatMap(([key, inner]) => {
      if (isOwnName(key, path, parts)) return [];
      const place = joined(path, key, parts.isList);
      return before === undefined ? leaves(undefined, inner, place) : leaves(inner, undefined, place);
    });
  }
  return [
    {
      path,
      ...(before !== undefined && { before: shown(before) }),
      ...(after !== undefined && { after: shown(after) }),
      replaces: false,
    },
  ];
}

interface Opened {
  parts: Properties;
  isList: boolean;
}

/** The parts of an object or a list by name; texts that are JSON objects have parts too. */
function opened(value: unknown): Opened | undefined {
  if (Array.isArray(value)) return { parts: named(value), isList: true };
  if (typeof value === 'object' && value !== null) return { parts: value as Properties, isList: false };
  if (typeof value !== 'string' || !value.startsWith('{') || !value.endsWith('}')) return undefined;
  try {
    return { parts: JSON.parse(value) as Properties, isList: false };
  } catch {
    return undefined;
  }
}

/** The name of a list's element stands in its path. */
function isOwnName(key: string, path: string, ...elements: readonly Opened[]): boolean {
  return (
    key === 'name' &&
    elements.every(
      ({ parts }) => parts.name === undefined || (typeof parts.name === 'string' && path.endsWith(`[${parts.name}]`)),
    )
  );
}

const isEmpty = ({ parts }: Opened) => Object.keys(parts).length === 0;

/** Elements by name where each has one of its own, so that one more at the front is one change; else by position. */
function named(list: readonly unknown[]): Properties {
  const keys = list.map((item) =>
    typeof item === 'object' && item !== null && 'name' in item && typeof item.name === 'string'
      ? item.name
      : undefined,
  );
  const unique = keys.every((key) => key !== undefined) && new Set(keys).size === list.length;
  return Object.fromEntries(list.map((item, index) => [unique ? (keys[index] ?? index) : index, item]));
}

function joined(path: string, key: string, isList: boolean): string {
  if (isList) return `${path}[${key}]`;
  const plain = /^[\w-]+$/.test(key);
  if (!plain) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

/** A path without what tells the parts of lists apart, for comparing with another's. */
export const plainPath = (path: string) => path.replace(/\["([^"]*)"\]/g, '.$1').replace(/\[[^\]]*\]/g, '');

/** A change of which nothing may be shown. */
export const secretChange = (path: string): Change => ({ path, before: SECRET, after: SECRET, replaces: false });
