import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../shared/errors';
import type { ComponentName } from './components';
import type { ClusterFolder } from './paths';

/** A log over this size (bytes) is set aside at the next start; the one set aside before is dropped. */
const maximumLogSize = 20 * 1024 * 1024;

/** A process that was started by us, as long as it runs undefined, then how it ended. */
export interface Launched {
  readonly name: ComponentName;
  readonly log: string;
  readonly ended: () => string | undefined;
  /** The last lines that it has logged since it was launched. */
  readonly lastWords: () => string;
}

/**
 * Starts a process that outlives this one, with its output in its log.
 * @throws UserError if the program cannot be executed
 */
export async function launch(folder: ClusterFolder, name: ComponentName, argv: readonly string[]): Promise<Launched> {
  const log = folder.log(name);
  rotate(log);
  const descriptor = openSync(log, 'a', 0o600);
  const offset = fstatSync(descriptor).size;
  const [program = '', ...args] = argv;
  // What the process writes (data, certificates, sockets) is for its owner only.
  const umask = process.umask(0o077);
  // Its environment is empty but for PATH: variables of the user's could configure it (ETCD_*), or be secrets.
  const child = spawn(program, args, {
    cwd: folder.root,
    detached: true,
    env: { PATH: process.env.PATH, HOME: folder.root },
    stdio: ['ignore', descriptor, descriptor],
  });
  process.umask(umask);
  closeSync(descriptor);
  let ended: string | undefined;
  child.once('exit', (code, signal) => (ended = signal ? `was killed by ${signal}` : `ended with code ${code ?? '?'}`));
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve).once('error', (error) => {
      reject(
        new UserError(
          `${program} cannot be started (${error.message}): delete ${path.dirname(program)} and try again.`,
        ),
      );
    });
  });
  child.unref();
  return { name, log, ended: () => ended, lastWords: () => lastLines(log, offset) };
}

function rotate(log: string): void {
  const size = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  if (size > maximumLogSize) renameSync(log, `${log}.1`);
}

function lastLines(log: string, offset: number): string {
  return lastWords(readFileSync(log).subarray(offset).toString('utf8'));
}

/** The end of what a Go program has printed, less the stacks of a panic, which only its authors can read. */
export function lastWords(output: string): string {
  const [words = ''] = output.split(/^goroutine \d+ /m);
  return words.trimEnd().split('\n').slice(-12).join('\n');
}
