import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isatty } from 'node:tty';
import pc from 'picocolors';
import { oneStack, runCommand, UserError } from '../command-line';
import { decisionsFile } from '../report/decisions';
import { policyImpact, toDecisions } from '.';
import { table } from './table';

const USAGE = `Usage: make policy-impact [STACK=NAME] [BASE=main] [ARGS='--json …']

Replays requests through the policies of a stack as they are in BASE and as they are here, and lists the decisions that
differ. Requests are the cases of the rules concerned, and those in stacks/requests/*.json.

  --base BASE            a commit, or a folder with another state of the project (default: main)
  --json                 the decisions as JSON
  --out FOLDER           writes decisions-NAME.json there, for the report
  --time-limit SECONDS   that a policy may take for an answer (default: 2)
  --expect-no-changes    exit code 1 where a decision differs
  --help

Exit code: 0 compared, 1 with --expect-no-changes a decision differs, 2 it could not be found out
Environment: PYTHON, NO_COLOR
`;

/** What takes longer is told of, in milliseconds. */
const PATIENCE = 2_000;

runCommand(
  USAGE,
  {
    base: { type: 'string', default: 'main' },
    json: { type: 'boolean' },
    out: { type: 'string' },
    'time-limit': { type: 'string', default: '2' },
    'expect-no-changes': { type: 'boolean' },
  },
  async ({ values, positionals }) => {
    const checkout = process.cwd();
    const stack = oneStack(positionals, checkout);
    const { base, json, out, 'time-limit': seconds, 'expect-no-changes': strict } = values;
    const timeLimit = Number(seconds) * 1_000;
    if (!(timeLimit > 0)) throw new UserError(`--time-limit ${seconds} is not a number of seconds above 0`);
    // Were this run to fail, an earlier one's would be taken for its.
    if (out !== undefined) await rm(path.join(out, decisionsFile(stack)), { force: true });
    const progress = latecomer();
    const impact = await policyImpact({ checkout, stack, base, timeLimit, onProgress: progress.tell }).finally(
      progress.end,
    );
    const decisions = `${JSON.stringify(toDecisions(impact), undefined, 2)}\n`;
    if (out !== undefined) {
      await mkdir(out, { recursive: true });
      await writeFile(path.join(out, decisionsFile(stack)), decisions);
    }
    const colors = pc.createColors(isatty(1) && !process.env.NO_COLOR);
    process.stdout.write(json === true ? decisions : table(impact, colors));
    if (impact.notes.some(({ policy }) => policy === 'base')) return 2;
    return strict === true && impact.decisions.length > 0 ? 1 : 0;
  },
);

/** Tells what is going on, once it has taken a while. */
function latecomer(): { tell: (text: string) => void; end: () => void } {
  let last: string | undefined;
  const timer = setTimeout(() => last !== undefined && process.stderr.write(`${last} …\n`), PATIENCE);
  return { tell: (text) => (last = text), end: () => clearTimeout(timer) };
}
