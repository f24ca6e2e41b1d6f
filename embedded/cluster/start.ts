import type { OnProgress } from '../shared/cli/progress';
import { explainFileError } from '../shared/files/file-errors';
import { withLock } from '../shared/processes/process-lock';
import { bringUp } from './bring-up';
import { buildPrograms } from './build';
import { runningCluster, type Cluster } from './cluster';
import { clusterFolder, createFolder } from './paths';
import { requestedPort } from './ports';

interface StartOptions {
  /** Where the cluster lives. Default: `.aios/cluster` of this checkout. Several run side by side in several folders. */
  readonly directory?: string;
  /** Port of the API server on 127.0.0.1. Default: AIOS_CLUSTER_PORT, else that of the last start, else a free one. */
  readonly port?: number;
  readonly onProgress?: OnProgress;
}

/**
 * Starts the embedded cluster, building its programs first if need be, and returns when it can be used. On a running
 * cluster this is one health probe; a damaged one is repaired. Its processes outlive this one, its data a stop.
 * @throws UserError saying what is wrong and what to do; nothing is left running then
 */
export async function startCluster(options: StartOptions = {}): Promise<Cluster> {
  const onProgress = options.onProgress ?? (() => undefined);
  const port = requestedPort(options.port);
  const programs = await buildPrograms(onProgress);
  const folder = await clusterFolder(options.directory);
  await createFolder(folder);
  const running = await runningCluster(folder, programs, port);
  if (running) return running;
  const onWait = (holder: string) => {
    onProgress({ kind: 'step', text: `Waiting for another start or stop of this cluster (${holder}).` });
  };
  try {
    return await withLock(folder.lock, onWait, async () => {
      const startedMeanwhile = await runningCluster(folder, programs, port);
      return startedMeanwhile ?? (await bringUp({ folder, programs, requestedPort: port, onProgress }));
    });
  } catch (error) {
    throw explainFileError(error, folder.root);
  }
}
