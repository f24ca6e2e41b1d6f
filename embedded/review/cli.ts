import path from 'node:path';
import { parseArgs } from 'node:util';
import { progressPrinter } from '../shared/cli/progress';
import { UsageError, runMain } from '../shared/cli/run-main';
import { runOperation } from '../shared/processes/run-operation';
import { type Reviewed, review } from './review';

const CHECKOUT = path.resolve(__dirname, '../..');

const USAGE = `Usage: make review BASE=COMMIT [STACK=NAME] [REPORT=FOLDER]

Previews what this checkout, as it is, would change of each stack as a commit has it. Needs neither credentials nor a cluster:
the commit's stack is brought up on an embedded cluster of its own, which ends with the review. Takes half a minute a stack.

What stands in for the real network: volumes of every StorageClass, the nodes and registered clusters that the stack names,
simulated services for its policies. What others have changed in the real cluster, or who may do what there, cannot be seen; of
secrets only that they changed.

Options:
  --base COMMIT     a branch, tag or hash
  --stack NAME      may be repeated (default: every stack of stacks/)
  --output FOLDER   where report.md, report.html, the plans and the decisions that change are written
  --help            this text

Exit codes: 0 all previewed, 1 some could not be, 2 wrong usage
`;

async function main(args: string[]): Promise<number> {
  const { help, base, stack, output } = parse(args);
  if (help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (base === undefined || base === '')
    throw new UsageError('BASE: name the commit to compare with, such as BASE=main');
  if (output === undefined || output === '') throw new UsageError('--output: name a folder for the report');
  const progress = progressPrinter(process.stderr);
  const results = await review({
    checkout: CHECKOUT,
    base,
    stacks: stack ?? [],
    output: path.resolve(output),
    onProgress: progress.report,
  }).finally(progress.end);
  for (const { stack: name, problem } of results) {
    if (problem !== undefined) process.stderr.write(`${name}: ${problem}\n`);
  }
  await tell(results, base, path.resolve(output));
  return results.some(({ problem }) => problem !== undefined) ? 1 : 0;
}

/** Puts the plans into words, with the decisions that change beside them. */
async function tell(results: readonly Reviewed[], base: string, output: string): Promise<void> {
  const planned = results.filter(({ plan }) => plan !== undefined);
  for (const { stack } of planned)
    await runOperation(CHECKOUT, 'policy-impact', stack, '--base', base, '--out', output);
  if (planned.length > 0) await runOperation(CHECKOUT, 'report', '--plans', output, '--output', output, '--base', base);
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        base: { type: 'string' },
        stack: { type: 'string', multiple: true },
        output: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message.replace(/\. To specify .*/s, ''));
  }
}

void runMain(main);
