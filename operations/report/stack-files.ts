import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { configKey, parseYaml } from '../../stack-file';
import { type Change, compareProperties } from './changes';
import { redact } from './redact';

const PROJECT = 'aios-network';

/** A stack's configuration by section, secrets taken out. */
type Configuration = Readonly<Record<string, unknown>>;

/** Where the files of stacks are read. */
export interface StackFiles {
  /** The file as it is now; undefined where there is none, or it is no YAML. */
  now(stack: string): Configuration | undefined;
  /** The file as it was; undefined where that cannot be told. */
  base(stack: string): Configuration | undefined;
  /** The text as it was, for whoever parses it otherwise. */
  baseText(stack: string): string | undefined;
}

/**
 * The files of a project's stacks, now and at a commit.
 * @param base a commit, a branch, or a folder with the files of stacks
 */
export function stackFiles(project: string, base: string): StackFiles {
  const nameOf = (stack: string) => `Pulumi.${stack}.yaml`;
  const baseText = (stack: string) =>
    fileIn(path.join(base, nameOf(stack))) ?? fileAt(project, base, `stacks/${nameOf(stack)}`);
  return {
    now: (stack) => configurationIn(fileIn(path.join(project, 'stacks', nameOf(stack)))),
    base: (stack) => configurationIn(baseText(stack)),
    baseText,
  };
}

/** The keys that differ, as `services.tag`. @param previewed the configuration that a plan tells, if it does */
export function changedKeys(files: StackFiles, stack: string, previewed?: Configuration): Change[] | undefined {
  const [before, after] = [files.base(stack), previewed === undefined ? files.now(stack) : bySection(previewed)];
  return before === undefined || after === undefined ? undefined : compareProperties(before, after);
}

function configurationIn(text: string | undefined): Configuration | undefined {
  if (text === undefined) return undefined;
  try {
    const { config } = (parseYaml(text) ?? {}) as { config?: Record<string, unknown> | null };
    return bySection(config ?? {});
  } catch {
    return undefined;
  }
}

/** Sections by name, of a configuration by full key. */
export function bySection(config: Configuration): Configuration {
  const sections = Object.entries(config).map(([key, value]) => [shortKey(key), opened(value)]);
  return redact(Object.fromEntries(sections)) as Configuration;
}

const shortKey = (key: string) => (configKey(key, PROJECT) ?? key).replace(`${PROJECT}:`, '');

/** `pulumi config set` writes a section as JSON text. */
function opened(value: unknown): unknown {
  if (typeof value !== 'string' || !value.startsWith('{')) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function fileIn(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function fileAt(project: string, commit: string, file: string): string | undefined {
  // What begins with a dash would be an option of git's.
  if (commit.startsWith('-')) return undefined;
  try {
    const args = ['-C', project, 'show', '--end-of-options', `${commit}:./${file}`];
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
}
