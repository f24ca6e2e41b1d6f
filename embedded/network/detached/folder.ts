import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';

const source = path.resolve(__dirname, '..');

/** What a network runs. */
const sources = [source, path.resolve(source, '../shared'), path.resolve(source, '../../policies/runner')];

/** Where a network lives unless told otherwise: one per checkout. */
const defaultDirectory = path.resolve(source, '..', '..', '.aios', 'network');

/** Where one detached network keeps its files. */
export interface NetworkFolder {
  /** Working directory of its process, which is recognised by it. */
  readonly root: string;
  /** Documents and archives. */
  readonly state: string;
  readonly log: string;
  readonly lock: string;
  /** Process and addresses of the last start. */
  readonly endpoint: string;
}

/** The network at `directory`, whether or not it exists. */
export function networkFolder(directory = defaultDirectory): NetworkFolder {
  const absolute = path.resolve(directory);
  const root = existsSync(absolute) ? realpathSync(absolute) : absolute;
  return {
    root,
    state: path.join(root, 'state'),
    log: path.join(root, 'network.log'),
    lock: path.join(root, 'lock'),
    endpoint: path.join(root, 'endpoint.json'),
  };
}

/** Makes the folder, closed to everybody but its owner. @returns it with its links resolved */
export async function createFolder(directory?: string): Promise<NetworkFolder> {
  const { root } = networkFolder(directory);
  await mkdir(root, { recursive: true, mode: 0o700 });
  await chmod(root, 0o700);
  return networkFolder(directory);
}

/** Changes with the stand-in's own code: a process of other code does not count as running. */
export function codeFingerprint(): string {
  const hash = createHash('sha256');
  for (const folder of sources) {
    const files = readdirSync(folder, { recursive: true }) as string[];
    for (const file of files.sort()) {
      const absolute = path.join(folder, file);
      if (statSync(absolute).isFile()) hash.update(`${file}\0`).update(readFileSync(absolute));
    }
  }
  return hash.digest('hex').slice(0, 16);
}
