import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, readdir, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { OnProgress } from '../shared/cli/progress';
import { UserError, codeOf, messageOf } from '../shared/errors';

const run = promisify(execFile);

/** Lists of files are long. */
const MAX_OUTPUT = 64 * 1024 * 1024;

/** A copy of the program, with packages of its own or ours. */
export interface Checkout {
  readonly directory: string;
  /** Names of the stacks that have a file in it. */
  readonly stacks: readonly string[];
}

/**
 * Copies what is in a commit, with the packages that it asks for.
 * @param reference anything that git resolves to a commit
 * @throws UserError if there is no such commit, or its packages cannot be installed
 */
export async function copyCommit(
  { checkout, reference, directory }: { checkout: string; reference: string; directory: string },
  onProgress: OnProgress,
): Promise<Checkout> {
  const commit = await resolveCommit(checkout, reference);
  const archive = `${directory}.tar`;
  await mkdir(directory, { recursive: true });
  await git(checkout, 'archive', '--format=tar', `--output=${archive}`, commit);
  await run('tar', ['-xf', archive, '-C', directory]);
  await rm(archive);
  if (await sameLock(checkout, directory)) await shareModules(checkout, directory);
  else await installModules(directory, reference, onProgress);
  return { directory, stacks: await stacksOf(directory) };
}

/** Copies the working tree as it is: what is not committed and not ignored, too. */
export async function copyWorkingTree(checkout: string, directory: string): Promise<Checkout> {
  const files = (await git(checkout, 'ls-files', '-z', '--cached', '--others', '--exclude-standard')).split('\0');
  const folders = new Set(files.filter(Boolean).map((file) => path.dirname(file)));
  for (const folder of folders) await mkdir(path.join(directory, folder), { recursive: true });
  for (const file of files.filter(Boolean)) await copyIfPresent(path.join(checkout, file), path.join(directory, file));
  await shareModules(checkout, directory);
  return { directory, stacks: await stacksOf(directory) };
}

/** What is deleted, but not yet for git. */
async function copyIfPresent(from: string, to: string): Promise<void> {
  await copyFile(from, to).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
  });
}

async function stacksOf(checkout: string): Promise<string[]> {
  const files = await readdir(path.join(checkout, 'stacks')).catch(() => []);
  return files.flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();
}

async function resolveCommit(checkout: string, reference: string): Promise<string> {
  try {
    return (
      await git(checkout, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${reference}^{commit}`)
    ).trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw new UserError('git is missing: a review compares with a commit. Install it.');
    throw new UserError(
      `BASE: git knows no commit "${reference}" here. Name a branch, tag or hash; a shallow clone may have to be ` +
        'deepened first (git fetch --unshallow).',
    );
  }
}

async function git(checkout: string, ...args: string[]): Promise<string> {
  return (await run('git', args, { cwd: checkout, maxBuffer: MAX_OUTPUT })).stdout;
}

async function sameLock(checkout: string, directory: string): Promise<boolean> {
  const [ours, theirs] = await Promise.all(
    [checkout, directory].map((folder) => readFile(path.join(folder, 'package-lock.json'), 'utf8')),
  );
  return ours === theirs;
}

const shareModules = (checkout: string, directory: string) =>
  symlink(path.join(checkout, 'node_modules'), path.join(directory, 'node_modules'));

async function installModules(directory: string, reference: string, onProgress: OnProgress): Promise<void> {
  onProgress({ kind: 'step', text: `Installing the packages of ${reference}, which are others than here.` });
  try {
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: directory });
  } catch (error) {
    throw new UserError(`The packages of ${reference} could not be installed: ${messageOf(error)}`);
  }
}
