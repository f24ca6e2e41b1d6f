import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';
import { type RuleAnswer, RuleFailure } from './answer';
import type { Limits } from './limits';

interface ProcessRun {
  readonly command: readonly string[];
  readonly folder: string;
  /** What runner.py reads. */
  readonly job: string;
  /** How many answers are wanted. */
  readonly count: number;
  readonly limits: Limits;
  /** Where answers go. */
  readonly answers: RuleAnswer[];
}

/** Letters of what a process said that are kept. */
const LAST_WORDS = 2_000;
/** For what a process wrote before it ended, in milliseconds. */
const GRACE = 1_000;

const answerLine = z.union([z.object({ error: z.string(), trace: z.string() }), z.object({ result: z.unknown() })]);

/**
 * Runs a process until it has answered everything, or a call has brought it to an end; that call's answer says why.
 * @throws Error where the command cannot be started
 */
export async function runProcess({ command, folder, job, count, limits, answers }: ProcessRun): Promise<void> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd: folder,
    // Nothing of the user's environment.
    env: { PATH: process.env.PATH, TZ: 'UTC' },
    // A group of its own, so that what the rule starts ends with it.
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
  });
  const wanted = answers.length + count;
  let failure: RuleFailure | undefined;
  const stop = (reason: RuleFailure) => {
    failure ??= reason;
    endGroup(child);
  };
  const timer = setTimeout(
    () => stop(new RuleFailure('late', `took longer than ${limits.time / 1000} s`)),
    limits.time,
  );
  const [stdin, , stderr, channel] = child.stdio as unknown as [Writable, null, Readable, Readable];
  let pending = '';
  channel.setEncoding('utf8').on('data', (text: string) => {
    if (failure) return;
    const lines = (pending + text).split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) {
      timer.refresh();
      if (answers.length < wanted) answers.push(parseAnswer(line));
    }
    // Whatever it may still be doing.
    if (answers.length === wanted) endGroup(child);
    if (pending.length > limits.answer) stop(new RuleFailure('large', `answered more than ${limits.answer} bytes`));
  });
  const lastWords = tail(stderr);
  // A process that ends early breaks the pipe; how it ended tells why.
  stdin.on('error', () => undefined).end(job);
  try {
    const end = await endOf(child, [channel, stderr]);
    const said = lastWords();
    failure ??= new RuleFailure('ended', `ended Python with ${end}`, ...(said === '' ? [] : [said]));
    if (answers.length < wanted) answers.push({ failure });
  } finally {
    clearTimeout(timer);
  }
}

function parseAnswer(line: string): RuleAnswer {
  try {
    const answer = answerLine.parse(JSON.parse(line));
    return 'error' in answer ? { failure: new RuleFailure('raised', answer.error, answer.trace) } : answer;
  } catch {
    return { failure: new RuleFailure('ended', 'wrote into the channel of answers') };
  }
}

/** Gives what a stream said last. */
function tail(stream: Readable): () => string {
  let said = '';
  stream.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-LAST_WORDS)));
  return () => said.trim();
}

/** How a process ended, once all that it wrote is read: `code 3` or `SIGKILL`. @throws Error where it cannot be started */
function endOf(child: ChildProcess, streams: readonly Readable[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let end = '';
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      end = signal ?? `code ${code}`;
      endGroup(child);
      // What left the group may hold the other ends for ever.
      setTimeout(() => streams.forEach((stream) => stream.destroy()), GRACE).unref();
    });
    child.once('close', () => resolve(end));
  });
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
