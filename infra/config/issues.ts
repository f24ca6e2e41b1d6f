import type { core } from 'zod';
import { nearest } from '../../policies/nearest';
import { knownKeys, outlineAt } from './outline';
import type { Path, Problem } from './problems';

type Issue = core.$ZodIssue;

const TYPE_NAMES: Record<string, string> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
};

/** The value at a path of the configuration as given. */
function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<string | number, unknown> | undefined)?.[step], root);
}

/** Turns an issue of zod into the problems that it means; one for each unknown key. */
export function problemsOf(issue: Issue, section: string, raw: unknown): Problem[] {
  const path: Path = [section, ...(issue.path as (string | number)[])];
  const value = valueAt(raw, path.slice(1));
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(path, key));
    case 'invalid_type':
      return [wrongType(path, value, issue.expected)];
    case 'invalid_value':
      return [notOneOf(path, value, issue.values.map(String))];
    case 'invalid_union':
      return problemsOfUnion(issue, section, raw, path);
    case 'invalid_key':
      return [{ path, rule: `the name ${issue.issues[0]?.message ?? 'is not valid'}`, fix: 'rename it' }];
    default:
      return [{ path, value, rule: issue.message, fix: fixOf(issue) ?? example(path) ?? 'correct it' }];
  }
}

/** Tells the problems of the choice whose type the value has; the others are beside the point. */
function problemsOfUnion(issue: core.$ZodIssueInvalidUnion, section: string, raw: unknown, path: Path): Problem[] {
  const meant = issue.errors.find((issues) =>
    issues.every(({ code, path: inner }) => code !== 'invalid_type' || inner.length > 0),
  );
  if (meant === undefined) {
    const value = valueAt(raw, path.slice(1));
    return [{ path, value, rule: issue.message, fix: example(path) ?? 'correct it' }];
  }
  return meant.flatMap((inner) => problemsOf({ ...inner, path: [...issue.path, ...inner.path] }, section, raw));
}

function unknownKey(parent: Path, key: string): Problem {
  const outline = outlineAt(parent);
  const known = knownKeys(outline);
  return { path: [...parent, key], ...unknownName(outline?.keysAre ?? 'key', key, known) };
}

/** What to say of a name that is not on a list: the nearest known one, or all of them. */
export function unknownName(kind: string, name: string, known: readonly string[]): Pick<Problem, 'rule' | 'fix'> {
  const near = nearest(name, known);
  return {
    rule: `is an unknown ${kind}`,
    fix: near === undefined ? `use one of ${known.join(', ')}` : `did you mean ${near}?`,
  };
}

function wrongType(path: Path, value: unknown, expected: string): Problem {
  const type = TYPE_NAMES[expected] ?? expected;
  const fallback = example(path) ?? `give ${type}${withKeys(path)}`;
  if (value === undefined) return { path, rule: 'is required', fix: fallback };
  if (value === null) return { path, value, rule: `must be ${type}`, fix: `${fallback}, or remove the key` };
  return { path, value, rule: `must be ${type}`, fix: quoting(expected, value) ?? fallback };
}

/** YAML reads 1.10 as a number and "3" as a text. */
function quoting(expected: string, value: unknown): string | undefined {
  if (expected === 'string' && typeof value !== 'object') return 'put the value in quotes';
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const plain = expected === 'boolean' ? ['true', 'false'].includes(value) : Number.isFinite(Number(value));
  return plain && ['boolean', 'number', 'int'].includes(expected) ? 'remove the quotes' : undefined;
}

function notOneOf(path: Path, value: unknown, values: readonly string[]): Problem {
  const near = typeof value === 'string' ? nearest(value, values) : undefined;
  const fix = near === undefined ? `use one of ${values.join(', ')}` : `did you mean ${near}?`;
  return { path, value, rule: `must be one of ${values.join(', ')}`, fix };
}

/** A fix that the schema gives along with its rule. */
function fixOf(issue: Issue): string | undefined {
  const fix: unknown = issue.code === 'custom' ? issue.params?.fix : undefined;
  return typeof fix === 'string' ? fix : undefined;
}

/** The keys of the object wanted at a path. */
function withKeys(path: Path): string {
  const keys = knownKeys(outlineAt(path));
  return keys.length === 0 ? '' : ` with the keys ${keys.join(', ')}`;
}

function example(path: Path): string | undefined {
  const sample = outlineAt(path)?.examples?.[0];
  const key = path.at(-1);
  if (typeof sample !== 'string' && typeof sample !== 'number') return undefined;
  return `for example ${typeof key === 'string' ? `${key}: ` : ''}${sample}`;
}
