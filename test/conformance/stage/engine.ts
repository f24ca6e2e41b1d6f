import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { EngineResult } from '../../integration/harness/workspace';

export type EngineName = 'embedded' | 'cli';

/** One of the two that run stack dev. */
export interface Engine {
  readonly name: EngineName;
  /** Starts a command: `preview`, `--json`. */
  start(...args: string[]): ChildProcessByStdio<null, Readable, Readable>;
  /** Runs a command to its end. */
  run(...args: string[]): Promise<EngineResult>;
}

/** How an `up` is run without questions; the CLI would preview it first. */
const UP: Readonly<Record<EngineName, readonly string[]>> = {
  embedded: ['up', '--yes'],
  cli: ['up', '--yes', '--skip-preview'],
};

/** Runs a command that has to succeed. @throws Error with all that it said if it did not */
export async function succeed(engine: Engine, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await engine.run(...args);
  if (code === 0) return stdout;
  throw new Error(
    `${engine.name}: ${args.join(' ')} ended with ${code}\n${stdout.slice(-4000)}\n${stderr.slice(-4000)}`,
  );
}

export const up = (engine: Engine, ...args: string[]) => succeed(engine, ...UP[engine.name], ...args);
