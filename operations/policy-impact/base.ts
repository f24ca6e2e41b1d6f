import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { RunError } from '@pulumi/pulumi/errors';

const run = promisify(execFile);

/** What decides, of all that is in a checkout. */
const PARTS = ['stacks', 'policies/rules'];

/**
 * Gives another state of the project, as files, for as long as the work with it lasts.
 * @param base a folder, or a commit as git knows it; a branch that only the remote `origin` has will do
 * @throws RunError that says what there is not
 */
export async function withBase<T>(checkout: string, base: string, work: (folder: string) => Promise<T>): Promise<T> {
  if (await isFolder(path.resolve(checkout, base))) return work(path.resolve(checkout, base));
  const commit = await commitOf(checkout, base);
  const folder = await mkdtemp(path.join(tmpdir(), 'aios-base-'));
  try {
    const archive = path.join(folder, 'base.tar');
    const parts = await Promise.all(PARTS.map(async (part) => ((await has(checkout, commit, part)) ? [part] : [])));
    await git(checkout, 'archive', '--format=tar', `--output=${archive}`, commit, '--', ...parts.flat());
    await run('tar', ['-xf', archive, '-C', folder]);
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function commitOf(checkout: string, base: string): Promise<string> {
  for (const name of [base, `origin/${base}`]) {
    const found = await git(checkout, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`).catch(
      () => '',
    );
    if (found !== '') return found;
  }
  throw new RunError(
    `BASE=${base} is neither a folder nor a commit that is here; fetch it (git fetch origin ${base}), or name another one`,
  );
}

const has = (checkout: string, commit: string, part: string) =>
  git(checkout, 'ls-tree', '-d', commit, '--', part).then((listed) => listed !== '');

async function git(checkout: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('git', ['-C', checkout, ...args], { env: withoutPlace(process.env) });
  return stdout.trim();
}

/** A hook's own repository, which git would take for this one. */
function withoutPlace(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, GIT_DIR: undefined, GIT_WORK_TREE: undefined, GIT_INDEX_FILE: undefined };
}

const isFolder = (folder: string) =>
  stat(folder).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
