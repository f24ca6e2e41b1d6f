import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeploymentJson } from '../state/codec';
import { parseCheckpoint } from './checkpoint';
import type { StackReference } from './stack-reference';

/** A whole state that was kept beside the one that counts. */
interface KeptState {
  file: string;
  modified: Date;
  resources: number;
}

/** Where earlier states of a stack may lie. */
export interface KeptStates {
  reference: StackReference;
  /** The state's file. */
  file: string;
  /** Folders of the CLI's backups, and of the history. */
  folders: readonly string[];
}

/** How to get a stack's state back whose file is damaged. */
export async function wayBack({ reference, file, folders }: KeptStates): Promise<string> {
  const newest = await newestWhole([`${file}.bak`, ...(await Promise.all(folders.map(statesIn))).flat()], reference);
  if (newest === undefined) {
    return (
      `No whole earlier state is kept in ${file}.bak, ${folders.join(' or ')}: take the file from a backup of your own. ` +
      'Without one move it away only where nothing of the stack is left, for all that it knew of would be made anew.'
    );
  }
  return told(newest, `mv '${file}' '${file}.damaged' && cp '${newest.file}' '${file}'`);
}

/**
 * What to say of a stack without a deployment whose history has one that is not empty: its file got lost, or was cleared. The
 * history goes with a stack that is removed, by either engine; of one that was destroyed, its last state is empty.
 */
export async function lossOf({ reference, file, folders }: KeptStates, isThere: boolean): Promise<string | undefined> {
  const newest = await newestWhole((await Promise.all(folders.map(statesIn))).flat(), reference);
  if (newest === undefined || newest.resources === 0) return undefined;
  const loss = isThere ? `${file} knows of no update` : `${file} is gone`;
  return (
    `The state of stack ${reference.stack} is lost: ${loss}, and the history has one. Nothing was changed.\n` +
    `${told(newest, `cp '${newest.file}' '${file}'`)}\n` +
    `Only where nothing of the stack is left, begin anew: move ${folders.join(' and ')} away.`
  );
}

function told({ modified, resources }: KeptState, command: string): string {
  const time = modified.toISOString().replace(/\.\d+Z$/, 'Z');
  return (
    `The newest whole state that is kept is of ${time} and has ${resources} resources. Take it back with\n` +
    `  ${command}\n` +
    'and then look with a refresh for what was changed after it.'
  );
}

async function statesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith('.json') && !name.endsWith('.history.json'))
    .map((name) => join(folder, name));
}

async function newestWhole(files: readonly string[], reference: StackReference): Promise<KeptState | undefined> {
  const found = await Promise.all(files.map((file) => keptState(file, reference)));
  return found.filter((state) => state !== undefined).sort((a, b) => +b.modified - +a.modified)[0];
}

async function keptState(file: string, reference: StackReference): Promise<KeptState | undefined> {
  try {
    const deployment = parseCheckpoint(await readFile(file), file, reference);
    if (deployment === undefined) return undefined;
    return { file, modified: (await stat(file)).mtime, resources: countOf(deployment) };
  } catch {
    // Whatever it is, it is no way back.
    return undefined;
  }
}

const countOf = ({ resources = [] }: DeploymentJson) => (resources as unknown[]).length;
