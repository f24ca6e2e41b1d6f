import { RunError } from '@pulumi/pulumi/errors';
import { type RawConfig, parseConfig } from '../../infra/config';
import { UserError } from '../command-line';
import { DIAGRAM_ENVIRONMENT } from '../diagram/environment';
import { rawConfigIn } from '../verify/stack-file';
import { type Edited, editStackFile, secretCommand } from './edit';
import { type KeyPath, keyOf } from './own';

/** A file for a new stack, and what has to be done about it. */
export interface NewStack extends Edited {
  /** Keys that name the other network, by what they hold. */
  suspects: { path: KeyPath; value: string }[];
}

/**
 * Makes a stack's file of another's.
 *
 * @param text the other's file
 * @param from the other's name
 * @throws UserError if the new stack could not be used even with everything filled in
 */
export function newStack(text: string, { from, name }: { from: string; name: string }): NewStack {
  const before = rawConfigIn(text, from);
  refuseJsonText(before, from);
  const edited = editStackFile(text, { from, name });
  const after = rawConfigIn(edited.text, name);
  refuseHiddenSecrets(after, from);
  requireUsable(filledIn(after, before, edited), from);
  return { ...edited, suspects: suspectsIn(after.values, namesOf(before)) };
}

/** Sections that were written by `pulumi config set SECTION '{…}'` have no keys that could be left out one by one. */
function refuseJsonText({ values }: RawConfig, from: string): void {
  const section = Object.entries(values).find(([, value]) => typeof value === 'string')?.[0];
  if (section === undefined) return;
  throw new UserError(`${section} of stack ${from} is written as one text: write its keys as YAML, and try again`);
}

/** Items of lists have no key under which they could be set anew. */
function refuseHiddenSecrets({ secretKeys = [] }: RawConfig, from: string): void {
  const [section] = secretKeys;
  if (section === undefined) return;
  throw new UserError(
    `${section} of stack ${from} has an encrypted value in a list: write the new stack's file by hand`,
  );
}

/** The new configuration with the other stack's values where it has none yet. */
function filledIn(after: RawConfig, before: RawConfig, { leftOut }: Edited): RawConfig {
  const values = structuredClone(after.values) as Record<string, unknown>;
  const own = leftOut.filter(({ path }) => !isForeign(path));
  for (const { path } of own) put(values, path, valueAt(before.values, path));
  // Only stack dev may go without.
  put(values, ['cluster', 'context'], 'filled-in');
  return { ...after, values, ...(before.secretKeys && { secretKeys: before.secretKeys }) };
}

/** Keys of other projects stand whole. */
const isForeign = ([key = '']: KeyPath) => key.includes(':');

function valueAt(values: RawConfig['values'], path: KeyPath): unknown {
  return path.reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], values);
}

function put(values: Record<string, unknown>, path: KeyPath, value: unknown): void {
  const names = [...path];
  const last = names.pop() ?? '';
  let inner = values;
  for (const name of names) {
    const next = inner[name];
    const isThere = typeof next === 'object' && next !== null;
    inner = (isThere ? next : (inner[name] = {})) as Record<string, unknown>;
  }
  inner[last] = value;
}

function requireUsable(raw: RawConfig, from: string): void {
  try {
    parseConfig(raw, { ...DIAGRAM_ENVIRONMENT, HOME: process.env.HOME });
  } catch (error) {
    if (!RunError.isInstance(error)) throw error;
    throw new UserError(`as stack ${from} is, a stack ${raw.stack} like it could not be used.\n${error.message}`);
  }
}

/** What tells the other network from all others, where it stands in a text. */
function namesOf({ values }: RawConfig): string[] {
  const { advertisedHost } = (values.network ?? {}) as Record<string, unknown>;
  return typeof advertisedHost === 'string' ? [advertisedHost] : [];
}

function suspectsIn(value: unknown, names: readonly string[], path: KeyPath = []): NewStack['suspects'] {
  if (typeof value === 'string') return names.some((name) => value.includes(name)) ? [{ path, value }] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => suspectsIn(inner, names, [...path, name]));
}

/** What is to be filled in, as lines. */
export function todo({ leftOut, suspects }: NewStack, { from, name }: { from: string; name: string }): string[] {
  const plain = leftOut.filter(({ isSecret }) => !isSecret);
  const secret = leftOut.filter(({ isSecret }) => isSecret);
  const width = Math.max(0, ...plain.map(({ path }) => keyOf(path).length));
  const filled = plain.map(({ path, before }) =>
    `  ${keyOf(path).padEnd(width)}  ${before === undefined ? '' : `${from} has ${before}`}`.trimEnd(),
  );
  // Only stack dev may go without a context.
  const context = plain.some(({ path }) => keyOf(path) === 'cluster.context') ? [] : ['  cluster.context'];
  return [
    'Fill in, in the file:',
    ...context,
    ...filled,
    ...(secret.length === 0 ? [] : ['', 'Set anew, encrypted:']),
    ...secret.map(({ path }) => `  ${secretCommand(name, path)}`),
    ...(suspects.length === 0 ? [] : ['', `Still the network of ${from}; is that meant?`]),
    ...suspects.map(({ path, value }) => `  ${keyOf(path)}: ${value}`),
  ];
}
