import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type RuleAnswer, RuleFailure } from './answer';
import { limitsOf, type RuleLimits } from './limits';
import { findPython, type Python } from './python';
import { runProcess } from './process';

/** One question to a rule. */
export interface RuleCall {
  /** Upstream gives the empty text. Default: that. */
  readonly ruleId?: string;
  readonly settings: unknown;
  /** Given to the rule when it is made and when it is asked. */
  readonly parameters: unknown;
  readonly input: unknown;
  /** Upstream gives none. Default: null. */
  readonly context?: unknown;
  /** The present, in seconds since 1970; once one call of several has one, all need one. Default: the time that it is. */
  readonly now?: number;
  /** Functions of function.py by name, and what they return in place of what they would: for tests. */
  readonly stubs?: Readonly<Record<string, unknown>>;
}

export interface RunOptions extends RuleLimits {
  /** Default: {@link findPython}'s. */
  readonly python?: Python;
  /** Whether function.py can import modules beside it, as on executors, but not in the gateway. Default: no. */
  readonly siblingModules?: boolean;
  /** Whether connections to anywhere fail at once; no protection against a rule that means harm. Default: no. */
  readonly offline?: boolean;
  /** After so many calls that took too long or took Python down, those that are left are not made. Default: all are. */
  readonly giveUpAfter?: number;
  /**
   * Puts a sandbox around the process: takes its command line and the folder that it works in, with everything that it
   * reads but Python itself, and gives the command line to run. Descriptors 0, 2 and 3 must reach the process.
   */
  readonly sandbox?: (command: readonly string[], folder: string) => readonly string[];
}

const RUNNER = path.join(__dirname, 'runner.py');

/**
 * Asks a rule once, in a Python process of its own without this process's environment. Requirements are not installed.
 * @param archive content of a .zip, .tar, .tar.gz, .tar.bz2 or .tar.xz with a top-level folder `code`
 * @returns what `eval` returned
 * @throws RuleFailure where it raised, took too long, took Python down or answered too much; RunError without a Python
 */
export async function callRule(archive: Buffer, call: RuleCall, options: RunOptions = {}): Promise<unknown> {
  const [answer] = await callRuleOften(archive, [call], options);
  if (answer === undefined) throw new RuleFailure('ended', 'the rule was not run');
  if ('failure' in answer) throw answer.failure;
  return answer.result;
}

/**
 * Asks a rule one question after the other; each finds the rule as new. A call that takes too long or takes Python down
 * costs a process; the calls after it get another one.
 * @returns an answer for each call
 */
export async function callRuleOften(
  archive: Buffer,
  calls: readonly RuleCall[],
  options: RunOptions = {},
): Promise<RuleAnswer[]> {
  const { giveUpAfter = Infinity } = options;
  const answers: RuleAnswer[] = [];
  for (let failed = 0; answers.length < calls.length && failed < giveUpAfter; failed += 1)
    await runFrom(archive, calls.slice(answers.length), options, answers);
  const left = new RuleFailure('ended', `was not asked any more, after ${giveUpAfter} calls that gave no answer`);
  return [...answers, ...calls.slice(answers.length).map(() => ({ failure: left }))];
}

/** Runs calls in a process and appends their answers: those that it gave, and why the one after them has none. */
async function runFrom(
  archive: Buffer,
  calls: readonly RuleCall[],
  {
    python = findPython(),
    siblingModules = false,
    offline = false,
    sandbox = (command) => command,
    ...given
  }: RunOptions,
  answers: RuleAnswer[],
): Promise<void> {
  const limits = limitsOf(given);
  const folder = await mkdtemp(path.join(tmpdir(), 'aios-rule-'));
  try {
    await writeFile(path.join(folder, 'archive'), archive, { mode: 0o600 });
    await copyFile(RUNNER, path.join(folder, 'runner.py'));
    const job = {
      siblingModules,
      offline,
      unpackedSize: limits.unpackedSize,
      limits: limits.ofProcess,
      // A backstop for the case that nobody is left to end the process.
      seconds: Math.ceil((limits.time * calls.length) / 1000) + 5,
      calls: calls.map(({ ruleId = '', context = null, stubs = {}, ...call }) => ({
        ruleId,
        context,
        stubs,
        ...call,
      })),
    };
    const command = sandbox([python.command, '-I', '-B', path.join(folder, 'runner.py')], folder);
    await runProcess({ command, folder, job: JSON.stringify(job), count: calls.length, limits, answers });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
