import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError, codeOf } from '../errors';

/** How the names of files end that are not whole yet. */
const DRAFT = '.draft';

/** A draft that is older than this, in milliseconds, is nobody's any more. */
const ABANDONED_AFTER = 60_000;

/**
 * Writes a file that only its owner can read. A reader sees the old content or the new one, never a part. (What must
 * outlive a power cut as well is written by `writeAtomically`.)
 */
export async function writePrivate(file: string, content: string): Promise<void> {
  await withDraft(file, content, (draft) => rename(draft, file));
}

/**
 * Makes a file that only its owner can read, unless there is one. Of several who try at once one makes it, whole.
 * @returns whether this call made it
 */
export function createPrivate(file: string, content: string): Promise<boolean> {
  return withDraft(file, content, (draft) =>
    link(draft, file).then(
      () => true,
      (error: unknown) => {
        if (codeOf(error) === 'EEXIST') return false;
        throw error;
      },
    ),
  );
}

/** Makes a folder that only its owner can enter. One that is there keeps its mode. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

/**
 * Makes sure that what is in a folder, if there is one, was put there by this user: programs of others must not be run.
 * (What root has put there nobody need fear. Root itself may use the folder of the user whose home it was given.)
 * @throws UserError if others may write to it
 */
export async function refuseForeign(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (!found) return;
  const user = process.getuid?.() ?? found.uid;
  const isForeign = user !== 0 && ![0, user].includes(found.uid);
  if (!isForeign && (found.mode & 0o002) === 0) return;
  const problem = isForeign ? 'belongs to another user' : 'can be written by every user';
  throw new UserError(`${folder} ${problem}, who could have put programs of his own there: choose another folder.`);
}

/** Removes what killed writes left behind in a folder. */
export async function removeDrafts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    if (!name.endsWith(DRAFT)) continue;
    const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs > ABANDONED_AFTER) await rm(file, { force: true });
  }
}

/** @returns undefined if there is no such file */
export async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function withDraft<T>(file: string, content: string, use: (draft: string) => Promise<T>): Promise<T> {
  const draft = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}${DRAFT}`);
  try {
    await writeFile(draft, content, { mode: 0o600, flag: 'wx' });
    return await use(draft);
  } finally {
    await rm(draft, { force: true });
  }
}
