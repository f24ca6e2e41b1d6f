import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { UserError, messageOf } from '../errors';

/** A log over this size (bytes) is set aside at the next start; the one set aside before is dropped. */
const maximumLogSize = 20 * 1024 * 1024;

export interface Launch {
  /** Program first. Everybody on the machine can read it: no secrets. */
  readonly command: readonly string[];
  readonly directory: string;
  /** All of the process's environment but PATH: the user's variables could configure it, or be secrets. */
  readonly environment: NodeJS.ProcessEnv;
  /** Receives all output. */
  readonly log: string;
}

/** A process that was started by us. */
export interface Launched {
  readonly pid: number;
  readonly log: string;
  /** How it ended; undefined while it runs. */
  readonly ended: () => string | undefined;
  /** The last lines that it has logged since it was launched. */
  readonly lastWords: () => string;
}

/**
 * Starts a process that outlives this one, with its output in its log. What it writes is for its owner only.
 * @throws UserError if the program cannot be executed
 */
export async function launchDetached({ command, directory, environment, log }: Launch): Promise<Launched> {
  const [program = '', ...args] = command;
  rotate(log);
  const descriptor = openSync(log, 'a', 0o600);
  const offset = fstatSync(descriptor).size;
  const umask = process.umask(0o077);
  const child = spawn(program, args, {
    cwd: directory,
    detached: true,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', descriptor, descriptor],
  });
  process.umask(umask);
  closeSync(descriptor);
  let ended: string | undefined;
  child.once('exit', (code, signal) => (ended = signal ? `was killed by ${signal}` : `ended with code ${code ?? '?'}`));
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve).once('error', (error) => {
      reject(new UserError(`${program} cannot be started (${messageOf(error)}).`));
    });
  });
  child.unref();
  const read = () => readFileSync(log).subarray(offset).toString('utf8');
  return { pid: child.pid ?? 0, log, ended: () => ended, lastWords: () => lastWords(read()) };
}

function rotate(log: string): void {
  const size = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  if (size > maximumLogSize) renameSync(log, `${log}.1`);
}

/** The end of what a program has printed, less the stacks of a Go panic, which only its authors can read. */
export function lastWords(output: string): string {
  const [words = ''] = output.split(/^goroutine \d+ /m);
  return words.trimEnd().split('\n').slice(-12).join('\n');
}
