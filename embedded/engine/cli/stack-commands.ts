import { readFile, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { plainOf } from '../display/mask';
import { EXIT } from '../exit-codes';
import type { Stack } from '../operations/stack';
import { type Value, mapValues, reveal } from '../values/value';
import { confirmed, requireTerminal } from './confirm';
import type { CliOptions } from './options';

/** `stack output`: a table, or JSON. */
export async function printOutputs(stack: Stack, { json, showSecrets }: CliOptions): Promise<number> {
  const outputs = await stack.outputs();
  const shown = mapValues(outputs, (value) => (showSecrets ? reveal(value) : plainOf(value)));
  if (json) process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
  else for (const [name, value] of Object.entries(shown)) process.stdout.write(`${name.padEnd(24)} ${asText(value)}\n`);
  return EXIT.ok;
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
    if (!(await confirmed(`forget stack ${stack.name}, with its history`))) return EXIT.cancelled;
  }
  await stack.remove({ force });
  process.stdout.write(`Stack ${stack.name} is forgotten; its file stays.\n`);
  return EXIT.ok;
}
