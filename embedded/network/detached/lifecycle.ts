import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '../../shared/errors';
import { explainFileError } from '../../shared/files/file-errors';
import { withLock, withLockIfRoom } from '../../shared/processes/process-lock';
import { stopProcesses } from '../../shared/processes/stop-processes';
import type { Access } from '../access';
import { createFolder, networkFolder, type NetworkFolder } from './folder';
import { readEndpoint, type Endpoint } from './endpoint';
import { launch, networkProcesses, serveCommand, type ServeOptions } from './process';

export interface DetachedOptions extends ServeOptions {
  /** Where it lives. Default: `.aios/network` of this checkout. Several run side by side in several folders. */
  readonly directory?: string;
}

export interface NetworkStatus {
  readonly isRunning: boolean;
  readonly pid?: number;
  /** Of the last start; absent if there was none. */
  readonly access?: Access;
  readonly log: string;
}

export interface StartedNetwork {
  readonly access: Access;
  /** What the user should know of how rules are run here. */
  readonly warning?: string;
}

/** How long a start may take, in milliseconds. */
const START_TIMEOUT = 60_000;

const POLL_INTERVAL = 50;

/** Who waits for another start or stop needs no telling: it takes a second. */
const noWait = () => undefined;

/**
 * Starts a network in a process that outlives this one, and returns when it answers. On a running one that is as wanted
 * this is one request; any other is stopped first. State and ports are those of the last start.
 * @throws UserError with the last lines of its log
 */
export async function startDetached({ directory, ...wanted }: DetachedOptions = {}): Promise<StartedNetwork> {
  try {
    const folder = await createFolder(directory);
    return await withLock(folder.lock, noWait, () => ensureRunning(folder, serveCommand(wanted)));
  } catch (error) {
    throw explainFileError(error, networkFolder(directory).root);
  }
}

/**
 * Ends a network's process and waits until it is gone.
 * @param wipe also deletes its state, ports and log
 * @returns whether there was one
 */
export async function stopDetached(directory?: string, wipe = false): Promise<boolean> {
  const folder = networkFolder(directory);
  const stop = async () => {
    const processes = networkProcesses(folder);
    await stopProcesses(processes);
    const made = wipe ? [folder.state, folder.endpoint, folder.log, `${folder.log}.1`] : [];
    for (const file of made) await rm(file, { recursive: true, force: true });
    return processes.length > 0;
  };
  return existsSync(folder.root) ? withLockIfRoom(folder.lock, noWait, stop) : stop();
}

export async function detachedStatus({
  directory,
}: { readonly directory?: string | undefined } = {}): Promise<NetworkStatus> {
  const folder = networkFolder(directory);
  const [running] = networkProcesses(folder).filter(({ isOrphaned }) => !isOrphaned);
  const last = await readEndpoint(folder);
  const isRunning = running !== undefined && last?.pid === running.pid && (await answers(last));
  return {
    isRunning,
    log: folder.log,
    ...(running && { pid: running.pid }),
    ...(last && { access: last.access }),
  };
}

async function ensureRunning(folder: NetworkFolder, command: readonly string[]): Promise<StartedNetwork> {
  const processes = networkProcesses(folder);
  const [running] = processes;
  const isWanted = processes.length === 1 && !running?.isOrphaned && running?.argv.join('\0') === command.join('\0');
  const last = await readEndpoint(folder);
  if (isWanted && last?.pid === running.pid && (await answers(last))) return last;
  await stopProcesses(processes);
  return awaitAnswer(folder, command);
}

async function awaitAnswer(folder: NetworkFolder, command: readonly string[]): Promise<StartedNetwork> {
  const launched = await launch(folder, command);
  const deadline = performance.now() + START_TIMEOUT;
  while (performance.now() < deadline) {
    const ended = launched.ended();
    if (ended !== undefined) {
      throw new UserError(
        `The embedded network ${ended}. Its last words:\n${launched.lastWords()}\nAll: ${folder.log}`,
      );
    }
    const endpoint = await readEndpoint(folder);
    if (endpoint?.pid === launched.pid && (await answers(endpoint))) return endpoint;
    await delay(POLL_INTERVAL);
  }
  await stopProcesses(networkProcesses(folder));
  throw new UserError(`The embedded network did not answer in ${START_TIMEOUT / 1000} s. Its log: ${folder.log}`);
}

async function answers({ access: { policyCode, token } }: Endpoint): Promise<boolean> {
  const headers = { authorization: `Bearer ${token}` };
  return fetch(`${policyCode}/`, { headers, signal: AbortSignal.timeout(5000) }).then(
    ({ ok }) => ok,
    () => false,
  );
}
