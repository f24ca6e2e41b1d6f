import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeploymentJson } from '../state/codec';
import { parseCheckpoint } from './checkpoint';

/** A whole state that was kept beside the one that counts. */
interface KeptState {
  file: string;
  modified: Date;
  resources: number;
}

/** Where earlier states of a stack may lie. */
export interface KeptStates {
  /** The state's file. */
  file: string;
  /** Folders of the CLI's backups, and of the history. */
  folders: readonly string[];
}

/** How to get a stack's state back whose file is damaged. */
export async function wayBack({ file, folders }: KeptStates): Promise<string> {
  const newest = await newestWhole([`${file}.bak`, ...(await Promise.all(folders.map(statesIn))).flat()]);
  if (newest === undefined) {
    return (
      `No whole earlier state is kept in ${file}.bak, ${folders.join(' or ')}: take the file from a backup of your own. ` +
      'Without one move it away only where nothing of the stack is left, for all that it knew of would be made anew.'
    );
  }
  const { file: kept, modified, resources } = newest;
  const time = modified.toISOString().replace(/\.\d+Z$/, 'Z');
  return (
    `The newest whole state that is kept is of ${time} and has ${resources} resources. Take it back with\n` +
    `  mv '${file}' '${file}.damaged' && cp '${kept}' '${file}'\n` +
    'and then look with a refresh for what was changed after it.'
  );
}

async function statesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith('.json') && !name.endsWith('.history.json'))
    .map((name) => join(folder, name));
}

async function newestWhole(files: readonly string[]): Promise<KeptState | undefined> {
  const found = await Promise.all(files.map((file) => keptState(file)));
  return found.filter((state) => state !== undefined).sort((a, b) => +b.modified - +a.modified)[0];
}

async function keptState(file: string): Promise<KeptState | undefined> {
  try {
    const deployment = parseCheckpoint(await readFile(file), file);
    if (deployment === undefined) return undefined;
    return { file, modified: (await stat(file)).mtime, resources: countOf(deployment) };
  } catch {
    // Whatever it is, it is no way back.
    return undefined;
  }
}

const countOf = ({ resources = [] }: DeploymentJson) => (resources as unknown[]).length;
