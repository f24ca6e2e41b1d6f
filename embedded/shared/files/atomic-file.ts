import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError, messageOf } from '../errors';
import { fileProblem } from './file-errors';

const OWNER_ONLY = 0o600;

/**
 * Writes a file so that at any moment, also after a crash or a full disk, the old or the new contents are there whole. A
 * new file can be read by its owner only; an existing one keeps its mode.
 *
 * @param what names the file's contents in the error: "the state of stack dev"
 * @throws UserError if the file cannot be written; the old contents are then still there
 */
export async function writeAtomically(file: string, contents: Buffer | string, what: string): Promise<void> {
  const temporary = temporaryOf(file);
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeDurably(temporary, contents, await modeOf(file));
    await rename(temporary, file);
    await syncDirectory(dirname(file));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw unwritable(error, file, what);
  }
}

/** Makes `copy` have the contents of `file`, atomically. Costs no space as long as `file` is only ever replaced. */
export async function copyAtomically(file: string, copy: string, what: string): Promise<void> {
  const temporary = temporaryOf(copy);
  try {
    await mkdir(dirname(copy), { recursive: true, mode: 0o700 });
    await link(file, temporary).catch(() => copyFile(file, temporary, constants.COPYFILE_FICLONE));
    await rename(temporary, copy);
  } catch (error) {
    throw unwritable(error, copy, what);
  } finally {
    // Renaming onto another link of the same file leaves both in place.
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/** Removes what writes of this file left behind that were killed. Only while nobody else can be writing it. */
export async function removeLeftovers(file: string): Promise<void> {
  const directory = dirname(file);
  const names = await readdir(directory).catch(() => []);
  const leftovers = names.filter((name) => name.startsWith(`.${basename(file)}.`) && name.endsWith('.tmp'));
  await Promise.all(leftovers.map((name) => rm(join(directory, name), { force: true })));
}

const temporaryOf = (file: string) =>
  join(dirname(file), `.${basename(file)}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`);

async function writeDurably(file: string, contents: Buffer | string, mode: number): Promise<void> {
  const handle = await open(file, 'wx', mode);
  try {
    // The mode given to open is narrowed by the umask.
    await handle.chmod(mode);
    await handle.writeFile(contents);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function modeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).mode & 0o777;
  } catch {
    return OWNER_ONLY;
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function unwritable(error: unknown, file: string, what: string): UserError {
  const reason = fileProblem(error) ?? messageOf(error);
  return new UserError(`Cannot write ${what} to ${file}: ${reason}. What was there before is still there.`);
}
