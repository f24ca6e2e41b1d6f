import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { findPython, type Python } from '../../../policies/runner';

const run = promisify(execFile);

const SANDBOX = path.join(__dirname, 'sandbox.py');

/** How far rules can be kept from their owner's rights and files, best first: see sandbox.py. */
const LEVELS = ['namespaces', 'user', 'limits'] as const;

export type Level = (typeof LEVELS)[number];

/** What this machine offers to run rules in. */
export interface Isolation {
  readonly level: Level;
  /** What to tell the user, if rules are not wholly kept from his files and from the network. */
  readonly warning?: string;
}

const meanings: Readonly<Record<Exclude<Level, 'namespaces'>, string>> = {
  user: 'policy rules run as a user without rights of its own, but see the network and whatever everybody may read',
  limits: 'policy rules run with your rights and see your files: bind only rules that you trust',
};

/** The command line of a rule's process, for the `sandbox` of policies/runner. */
export function sandboxed(level: Level, { command }: Python): (runner: readonly string[], folder: string) => string[] {
  return (_, folder) => [command, '-I', '-B', SANDBOX, level, folder];
}

/** Tries what this machine offers, once for each Python. */
export function findIsolation(python: Python = findPython()): Promise<Isolation> {
  const known = found.get(python.command) ?? tryLevels(python);
  found.set(python.command, known);
  return known;
}

const found = new Map<string, Promise<Isolation>>();

async function tryLevels(python: Python): Promise<Isolation> {
  const reasons: string[] = [];
  for (const level of LEVELS) {
    const reason = await problemOf(level, python);
    if (reason !== undefined) reasons.push(`${level}: ${reason}`);
    else if (level === 'namespaces') return { level };
    else return { level, warning: `No sandbox here (${reasons.join('; ')}): ${meanings[level]}.` };
  }
  throw new Error(`Policy rules cannot be run: ${reasons.join('; ')}`);
}

/** @returns why nothing can be run on this level; undefined if it can */
async function problemOf(level: Level, python: Python): Promise<string | undefined> {
  const folder = await mkdtemp(path.join(tmpdir(), 'aios-sandbox-'));
  try {
    const [program = '', ...args] = sandboxed(level, python)([], folder);
    await run(program, args, { env: { TZ: 'UTC' }, timeout: 20_000 });
    return undefined;
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    return (stderr.trim().split('\n').at(-1) ?? '').replace(/^sandbox: /, '') || message;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
