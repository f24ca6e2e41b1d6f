import { readFile, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { columns } from '../../shared/cli/columns';
import { UserError } from '../../shared/errors';
import { plainOf } from '../display/mask';
import { EXIT } from '../exit-codes';
import type { Stack } from '../operations/stack';
import { type PropertyMap, type Value, mapValues, reveal } from '../values/value';
import { confirmed, requireTerminal } from './confirm';
import type { CliOptions } from './options';

/** `stack output [NAME]`: a table, or JSON; of one output its bare value. */
export async function printOutputs(
  stack: Stack,
  { json, showSecrets }: CliOptions,
  [name]: readonly string[],
): Promise<number> {
  const outputs = await stack.outputs();
  const shown = mapValues(outputs, (value) => (showSecrets ? reveal(value) : plainOf(value)));
  const one = name === undefined ? undefined : shown[name];
  if (name !== undefined && one === undefined) {
    throw new UserError(
      `stack ${stack.name} has no output "${name}"; it has ${Object.keys(shown).join(', ') || 'none'}`,
    );
  }
  const text = one === undefined ? tableOf(shown) : asText(one);
  process.stdout.write(`${json ? JSON.stringify(one ?? shown, null, 2) : text}\n`);
  return EXIT.ok;
}

function tableOf(outputs: PropertyMap): string {
  const rows = Object.entries(outputs).map(([name, value]) => [name, asText(value)]);
  const table =
    rows.length > 0 ? columns([['OUTPUT', 'VALUE'], ...rows]) : ['No output values currently in this stack'];
  return [`Current stack outputs (${rows.length}):`, ...table.map((line) => `    ${line}`)].join('\n');
}

const asText = (value: Value) => (typeof value === 'string' ? value : JSON.stringify(value));

/** `stack export`: secrets stay encrypted unless asked for. */
export async function exportState(stack: Stack, { file, showSecrets }: CliOptions): Promise<number> {
  const exported = await stack.export({ showSecrets });
  if (file === undefined) process.stdout.write(exported);
  else await writeFile(file, exported, { mode: 0o600 });
  return EXIT.ok;
}

/** `stack import`: from a file or standard input. */
export async function importState(stack: Stack, { file }: CliOptions): Promise<number> {
  const dropped = await stack.import(file === undefined ? await text(process.stdin) : await readFile(file, 'utf8'));
  for (const operation of dropped) process.stderr.write(`warning: forgotten, it may have taken place: ${operation}\n`);
  return EXIT.ok;
}

/** `stack rm`: the state, its backup and the history. */
export async function removeStack(stack: Stack, { yes, force }: CliOptions): Promise<number> {
  if (!yes) {
    requireTerminal();
    if (!(await confirmed(`forget stack ${stack.name}, with its history`))) return EXIT.error;
  }
  await stack.remove({ force });
  process.stdout.write(`Stack ${stack.name} is forgotten; its file stays.\n`);
  return EXIT.ok;
}
