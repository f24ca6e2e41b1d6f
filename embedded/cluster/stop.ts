import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { OnProgress } from '../shared/cli/progress';
import { explainFileError } from '../shared/files/file-errors';
import { removeDrafts } from '../shared/files/private-file';
import { withLockIfRoom } from '../shared/processes/process-lock';
import { clusterProcesses } from './cluster';
import { endProcesses } from './end-processes';
import { clusterFolder, RELATIVE, type ClusterFolder } from './paths';

interface StopOptions {
  /** Where the cluster lives. Default: `.aios/cluster` of this checkout. */
  readonly directory?: string;
  /** Also deletes its data, credentials and logs. Default: false. */
  readonly wipe?: boolean;
  readonly onProgress?: OnProgress;
}

/**
 * Ends all processes of a cluster and waits until they are gone. What is stored in it is kept for the next start.
 * @returns how many processes there were
 * @throws UserError if its folder cannot be used
 */
export async function stopCluster(options: StopOptions = {}): Promise<number> {
  const folder = await clusterFolder(options.directory);
  const onProgress = options.onProgress ?? (() => undefined);
  const stop = async () => {
    const processes = clusterProcesses(folder);
    if (processes.length > 0) onProgress({ kind: 'step', text: `Stopping ${processes.length} processes.` });
    await endProcesses(processes);
    if (options.wipe && existsSync(folder.root)) await wipe(folder);
    return processes.length;
  };
  // Without its folder a cluster may still have processes, but nobody starts it meanwhile.
  if (!existsSync(folder.root)) return stop();
  const onWait = (holder: string) => {
    onProgress({ kind: 'step', text: `Waiting for a start or stop of this cluster (${holder}).` });
  };
  try {
    return await withLockIfRoom(folder.lock, onWait, stop);
  } catch (error) {
    throw explainFileError(error, folder.root);
  }
}

/** Deletes what a start has made, and nothing else that may be in the folder. */
async function wipe(folder: ClusterFolder): Promise<void> {
  const made = [
    RELATIVE.data,
    RELATIVE.neverServed,
    RELATIVE.socket,
    RELATIVE.peerSocket,
    RELATIVE.certificates,
    RELATIVE.credentials,
    RELATIVE.logs,
    'port',
    'kubeconfig',
  ];
  for (const name of await readdir(folder.root)) {
    if (made.includes(name)) await rm(path.join(folder.root, name), { recursive: true });
  }
  await removeDrafts(folder.root);
}
