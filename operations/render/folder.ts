import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../command-line';

/** Where a folder says which of its files were rendered: only those are ever overwritten or removed. */
const LIST = '.rendered';

/** What became of a folder. */
export interface Written {
  written: number;
  /** Files of an earlier time that are gone now. */
  removed: readonly string[];
}

/**
 * Makes a folder hold these files. Files that a render before left and that are no more wanted are removed; whatever
 * somebody else has put there stays.
 *
 * @param files texts by path, below the folder
 * @throws UserError for a file that is in the way and was not rendered, or a folder that cannot be written
 */
export function writeFolder(folder: string, files: ReadonlyMap<string, string>): Written {
  try {
    const before = listOf(folder);
    const foreign = [...files.keys()].find((file) => !before.includes(file) && existsSync(path.join(folder, file)));
    if (foreign !== undefined) {
      throw new UserError(
        `${path.join(folder, foreign)} is there and was not rendered: move it away, or name another DIR`,
      );
    }
    // Before the files: what a run that is killed has written is known to the next one.
    writeList(folder, [...before, ...files.keys()]);
    const removed = before.filter((file) => !files.has(file));
    for (const file of removed) remove(folder, file);
    for (const [file, text] of files) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    }
    writeList(folder, [...files.keys()]);
    return { written: files.size, removed };
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code, path: place = folder } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UserError(`${place} cannot be written (${code}): name another DIR`);
  }
}

/** Only what is below the folder: the list is a file that anybody may have written. */
function listOf(folder: string): string[] {
  const list = path.join(folder, LIST);
  if (!existsSync(list)) return [];
  const lines = readFileSync(list, 'utf8').split('\n');
  return lines.filter((line) => /^[\w.-]+\/[\w.-]+\.yaml$/.test(line) && !line.startsWith('..'));
}

function writeList(folder: string, files: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, LIST), `${[...new Set(files)].sort().join('\n')}\n`);
}

function remove(folder: string, file: string): void {
  rmSync(path.join(folder, file), { force: true });
  const parent = path.dirname(path.join(folder, file));
  if (existsSync(parent) && readdirSync(parent).length === 0) rmdirSync(parent);
}
