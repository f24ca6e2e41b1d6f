import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { UserError } from '../errors';
import type { Recipe } from './recipe';

/**
 * Checks that Go is there and recent enough; a build would fail later and less clearly.
 * @throws UserError saying which Go is missing
 */
export async function requireGo({ name, goVersion, environment, alternative }: Recipe): Promise<void> {
  const advice = `Install Go ${goVersion} or later from go.dev/dl and put its bin folder on PATH, or ${alternative}.`;
  let output: string;
  try {
    output = await runGo(['version'], { environment, directory: tmpdir() });
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const problem = isMissing ? 'Go is missing' : `Go does not work (${(error as Error).message})`;
    throw new UserError(`${problem}: ${name} is built from source. ${advice}`);
  }
  const [, version] = /\bgo(\d+(?:\.\d+)+)/.exec(output) ?? [];
  if (version && isOlder(version, goVersion)) {
    throw new UserError(`Go ${version} is too old to build ${name}. ${advice}`);
  }
}

/** Whether dotted version `left` comes before `right`. */
export function isOlder(left: string, right: string): boolean {
  const [leftParts, rightParts] = [left, right].map((version) => version.split('.').map(Number));
  for (const [index, required] of (rightParts ?? []).entries()) {
    const actual = leftParts?.[index] ?? 0;
    if (actual !== required) return actual < required;
  }
  return false;
}

export interface GoRun {
  /** Added to this process's environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
  /** Called with each line of the error output, where Go reports what it is doing. */
  readonly onLine?: (line: string) => void;
  /** Receives the error output as well. */
  readonly log?: string;
}

/** Go ended with an error; `output` is what it said. */
export class GoError extends Error {
  constructor(readonly output: readonly string[]) {
    super(output.at(-1) ?? 'go failed');
  }
}

/**
 * Runs `go` and returns its standard output. Go ends with this process, unless this process is killed.
 * @throws GoError
 */
export async function runGo(args: readonly string[], run: GoRun): Promise<string> {
  const child = spawn('go', args, {
    cwd: run.directory,
    env: { ...process.env, ...run.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Go clears up after an interrupt, not after a kill.
  const end = () => child.kill('SIGINT');
  process.once('exit', end);
  const log = run.log === undefined ? undefined : createWriteStream(run.log, { mode: 0o600 });
  log?.on('error', () => undefined); // on a full disk: Go will say so itself
  const errorOutput: string[] = [];
  createInterface(child.stderr).on('line', (line) => {
    errorOutput.push(line);
    log?.write(`${line}\n`);
    run.onLine?.(line);
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (data: string) => (output += data));
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject).once('close', resolve);
    });
    if (code !== 0) throw new GoError(errorOutput);
    return output.trim();
  } finally {
    process.off('exit', end);
    log?.end();
  }
}
