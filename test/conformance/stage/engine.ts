import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { EngineResult } from '../../integration/harness/workspace';

type EngineName = 'embedded' | 'cli';

/** One of the two that run stack dev. */
export interface Engine {
  readonly name: EngineName;
  /** Its name in sentences. */
  readonly title: string;
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

export const upArgs = ({ name }: Engine) => UP[name];

/** Runs a command that has to succeed. @throws Error with the end of what it said if it did not */
export async function succeed(engine: Engine, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await engine.run(...args);
  if (code === 0) return stdout;
  const said = [stdout, stderr].map((text) => text.slice(-LAST_WORDS)).join('\n');
  throw new Error(`${engine.title}: ${args.join(' ')} ended with ${code}\n${said}`);
}

/** How much of a command's output is shown if it fails, in characters. */
const LAST_WORDS = 4000;

export const up = (engine: Engine) => succeed(engine, ...upArgs(engine));
