import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { UserError } from '../../embedded/shared/errors';
import { cpuTimeOfEnded } from './cpu-time';
import { ProcessTree } from './process-tree';

export interface Command {
  program: string;
  args: readonly string[];
  /** Default: where the benchmark was started. */
  directory?: string;
  environment: NodeJS.ProcessEnv;
}

/** What a command needed. */
export interface Sample {
  seconds: number;
  /** Seconds of one CPU, of all its processes. Nothing else may be started meanwhile. */
  cpu: number;
  /** Bytes: the peak of the resident sets of its processes, added up. */
  memory: number;
}

/** How often memory is looked at, in milliseconds. */
const SAMPLING_INTERVAL = 100;

/** How much of a command's output is shown if it fails, in characters. */
const LAST_WORDS = 4000;

/**
 * Runs a command to its end and measures it.
 *
 * @throws UserError with the command's last words if it failed; the signal's reason if that ended it
 */
export async function measure(
  { program, args, directory, environment }: Command,
  signal: AbortSignal,
): Promise<Sample> {
  signal.throwIfAborted();
  const begin = performance.now();
  const cpuBefore = cpuTimeOfEnded();
  // A process group of its own: a terminal's Ctrl-C is for the benchmark, which ends the whole tree.
  const child = spawn(program, args, {
    cwd: directory,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let lastWords = '';
  const listen = (chunk: Buffer) => (lastWords = (lastWords + chunk.toString()).slice(-LAST_WORDS));
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  let seconds = 0;
  child.once('exit', () => (seconds = (performance.now() - begin) / 1000));

  await once(child, 'spawn');
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const memory = await peakMemory(new ProcessTree(child.pid ?? NaN), ended, signal);
  signal.throwIfAborted();
  const [code, killer] = await ended;
  if (code === 0) return { seconds, cpu: cpuTimeOfEnded() - cpuBefore, memory };
  throw new UserError(`${[program, ...args].join(' ')}\nended with ${code ?? killer ?? '?'}:\n${lastWords.trimEnd()}`);
}

/** Follows processes until they have ended, and ends them if told to. */
async function peakMemory(tree: ProcessTree, ended: Promise<unknown>, signal: AbortSignal): Promise<number> {
  let peak = 0;
  const look = () => {
    if (signal.aborted) tree.kill();
    else peak = Math.max(peak, tree.memory());
  };
  const timer = setInterval(look, SAMPLING_INTERVAL);
  signal.addEventListener('abort', look, { once: true });
  look();
  try {
    await ended;
    return peak;
  } finally {
    clearInterval(timer);
    signal.removeEventListener('abort', look);
  }
}
