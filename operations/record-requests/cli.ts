import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { oneStack, runCommand, UserError } from '../command-line';
import { readStack } from '../verify/stack-file';
import { gatewayLog } from './logs';
import { recordedRequests } from './recorded';

const USAGE = `Usage: make record-requests STACK=NAME [ARGS='--since 86400 …']

Reads what the rule audit-only has logged in the gateway of a stack, removes all that decisions do not depend on, and whatever
looks like a credential or a person's, and writes the rest to stacks/requests/recorded-NAME.json, for make policy-impact.

  --since SECONDS   how far back to read (default: all that the cluster has kept)
  --file FILE       a log that was saved, in place of the gateway's
  --help

Exit code: 0 written, 2 there is nothing to write, or it could not be read
Environment: KUBECONFIG
`;

runCommand(USAGE, { since: { type: 'string' }, file: { type: 'string' } }, async ({ values, positionals }) => {
  const checkout = process.cwd();
  const stack = oneStack(positionals, checkout);
  const { since, file } = values;
  if (since !== undefined && !(Number(since) > 0))
    throw new UserError(`--since ${since} is not a number of seconds above 0`);
  const seconds = since === undefined ? undefined : Number(since);
  const log =
    file === undefined ? await gatewayLog(readStack(checkout, stack, process.env), seconds) : await saved(file);
  const { requests, lines, unusable, removed } = recordedRequests(log, stack);
  if (requests.length === 0)
    throw new UserError(
      lines === 0
        ? 'the log has no line of audit-only: bind it to the actions to record, with the fields that rules need'
        : `of ${lines} lines of audit-only none could be used`,
    );
  const target = path.join('stacks/requests', `recorded-${stack}.json`);
  await mkdir(path.join(checkout, 'stacks/requests'), { recursive: true });
  await writeFile(path.join(checkout, target), `${JSON.stringify(requests, undefined, 2)}\n`);
  process.stdout.write(`Wrote ${requests.length} requests to ${target}, from ${lines} lines of audit-only.\n`);
  if (unusable > 0) process.stdout.write(`${unusable} lines could not be used: they tell too little, or too much.\n`);
  for (const [field, times] of removed) process.stdout.write(`Removed ${field}: ${times} times.\n`);
  return 0;
});

async function saved(file: string): Promise<string[]> {
  try {
    return (await readFile(file, 'utf8')).split('\n');
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}`);
  }
}
