import { statfsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { formatSeconds, type OnProgress } from '../shared/cli/progress';
import { UserError, messageOf } from '../shared/errors';
import { removeDrafts, writePrivate } from '../shared/files/private-file';
import { launchDetached, type Launched } from '../shared/processes/launch-detached';
import { ensureServiceAccountKey, removeServingCertificate, servingCertificate } from './certificates';
import { apiClient, areAsWanted, clusterProcesses, connect, describeCluster, serverOf, type Cluster } from './cluster';
import { componentCommands, COMPONENT_NAMES, portOf, type ComponentName } from './components';
import { ensureTokens, kubeconfigs } from './credentials';
import { keepData, prepareData } from './data';
import { endProcesses } from './end-processes';
import { ensureNodes, findMissing, isReady, removeNodeLeases } from './nodes';
import { RELATIVE, type ClusterFolder } from './paths';
import { choosePort, portRefused, rememberedPort, rememberPort } from './ports';
import type { Programs } from './programs';

const POLL_INTERVAL = 50;

/** How long a cluster may take to become usable, in milliseconds: slow machines, large data. */
const START_TIMEOUT = 180_000;

/** The same where some processes ran already: they may hang, and starting all anew is quicker than waiting. */
const REPAIR_TIMEOUT = 15_000;

const MAXIMUM_ATTEMPTS = 3;

export interface BringUp {
  readonly folder: ClusterFolder;
  readonly programs: Programs;
  readonly requestedPort: number | undefined;
  readonly onProgress: OnProgress;
}

/** A start that failed. `isWorthRepeating`: starting everything again may well succeed. */
class StartFailure extends UserError {
  constructor(
    message: string,
    readonly isWorthRepeating: boolean,
  ) {
    super(message);
  }
}

/**
 * Starts what is missing of a cluster and waits until it can be used. Whatever does not fit (other versions, another
 * port, hanging processes) is stopped first. If it fails, nothing is left running.
 * @throws UserError with the last lines of the failing program's log
 */
export async function bringUp(request: BringUp): Promise<Cluster> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startMissing(request);
    } catch (error) {
      await endProcesses(clusterProcesses(request.folder));
      if (!(error instanceof StartFailure) || !error.isWorthRepeating || attempt === MAXIMUM_ATTEMPTS) throw error;
      request.onProgress({ kind: 'step', text: 'That did not work: starting all processes again.' });
    }
  }
}

async function startMissing(request: BringUp): Promise<Cluster> {
  const { folder, programs } = request;
  const port = await makeRoom(request);
  const run = new Run(request, port);
  const tokens = await ensureTokens(folder);
  await ensureServiceAccountKey(folder);
  await rememberPort(folder, port);

  if (run.isMissing('etcd')) await prepareData(folder);
  await run.launchMissing('etcd', 'kube-apiserver');
  const certificate = await run.waitFor('the API server makes its certificate', () => servingCertificate(folder));
  for (const { file, content } of kubeconfigs(folder, serverOf(port), certificate, tokens)) {
    await writePrivate(file, content);
  }
  const api = apiClient(port, certificate, tokens);
  try {
    // The others end when they find no API server for ten seconds: they are started once it answers.
    await run.waitFor('the API server starts', async () => (await isReady(api)) || undefined);
    await keepData(folder);
    if (run.isMissing('kwok')) await removeNodeLeases(api);
    await run.launchMissing(...COMPONENT_NAMES);
    await ensureNodes(api);
    await run.waitFor('controllers and nodes start', async () => {
      const missing = await findMissing(api);
      run.detail = missing;
      return missing === undefined || undefined;
    });
  } finally {
    api.close();
  }
  return describeCluster(folder, programs, port);
}

/** Decides on the port, and stops what cannot stay. Afterwards only processes run that are as a start would start them. */
async function makeRoom({ folder, programs, requestedPort, onProgress }: BringUp): Promise<number> {
  await endProcesses(clusterProcesses(folder).filter(({ isOrphaned }) => isOrphaned));
  const processes = clusterProcesses(folder);
  const remembered = await rememberedPort(folder);
  const current = portOf(processes.find(({ name }) => name === 'kube-apiserver')?.argv ?? []);
  const wanted = requestedPort ?? remembered;
  const port = current !== undefined && current === wanted ? current : await choosePort(requestedPort, remembered);

  const api = await connect(folder, port);
  api?.close();
  // The others reconnect to a new API server only after a while (up to 30 s): with it, or etcd, they start anew too.
  const hasServer = current !== undefined && processes.some(({ name }) => name === 'etcd');
  const isWanted = port === remembered && areAsWanted(processes, componentCommands(programs, port));
  const canStay = hasServer && isWanted && api !== undefined;
  if (!canStay && processes.length > 0) {
    onProgress({ kind: 'step', text: 'Stopping processes of an earlier start.' });
    await endProcesses(processes);
  }
  if ((await servingCertificate(folder)) === undefined) await removeServingCertificate(folder);
  await removeDrafts(folder.root);
  await removeDrafts(path.join(folder.root, RELATIVE.credentials));
  return port;
}

/** One attempt: which processes it has launched, and whether they are still there. */
class Run {
  /** What is being waited for, more exactly. */
  detail: string | undefined;
  private readonly launched = new Map<ComponentName, Launched>();
  private readonly survivors: readonly string[];
  private readonly start = performance.now();

  constructor(
    private readonly request: BringUp,
    private readonly port: number,
  ) {
    this.survivors = clusterProcesses(request.folder).map(({ name }) => name);
  }

  isMissing(name: ComponentName): boolean {
    return !this.survivors.includes(name) && !this.launched.has(name);
  }

  async launchMissing(...names: readonly ComponentName[]): Promise<void> {
    const missing = names.filter((name) => this.isMissing(name));
    if (missing.length === 0) return;
    this.request.onProgress({ kind: 'step', text: `Starting ${missing.join(', ')}.` });
    const commands = componentCommands(this.request.programs, this.port);
    for (const name of missing) this.launched.set(name, await this.launch(name, commands[name]));
  }

  private async launch(name: ComponentName, command: readonly string[]): Promise<Launched> {
    const { folder, programs } = this.request;
    const launch = { command, directory: folder.root, environment: { HOME: folder.root }, log: folder.log(name) };
    try {
      return await launchDetached(launch);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(`${error.message} Delete ${programs.directory} and try again.`);
    }
  }

  /**
   * Repeats `attempt` until it returns something; errors mean "not yet".
   * @throws StartFailure if it takes too long, or a process ends
   */
  async waitFor<T>(what: string, attempt: () => Promise<T | undefined>): Promise<T> {
    const timeout = this.survivors.length > 0 ? REPAIR_TIMEOUT : START_TIMEOUT;
    for (let nextUpdate = this.elapsed() + 1000; ;) {
      const result = await attempt().catch((error: unknown) => {
        this.detail = messageOf(error);
        return undefined;
      });
      if (result !== undefined) return result;
      this.checkAlive();
      if (this.elapsed() > timeout) throw this.timedOut(what);
      if (this.elapsed() >= nextUpdate) {
        const text = `  ${formatSeconds(this.elapsed() / 1000)}: waiting until ${what}${this.detail ? ` (${this.detail})` : ''}`;
        this.request.onProgress({ kind: 'update', text });
        nextUpdate += 1000;
      }
      await delay(POLL_INTERVAL);
    }
  }

  private elapsed(): number {
    return performance.now() - this.start;
  }

  private checkAlive(): void {
    const [name, failed] = [...this.launched].find(([, { ended }]) => ended() !== undefined) ?? [];
    if (!failed) return;
    const lastWords = failed.lastWords();
    const hasLostPort = name === 'kube-apiserver' && lastWords.includes('address already in use');
    if (hasLostPort && this.request.requestedPort !== undefined) throw portRefused(this.request.requestedPort);
    const end = `${name} ${failed.ended() ?? ''}`;
    if (lastWords.includes('no space left on device') || isFull(this.request.folder.root)) {
      throw new UserError(
        `The disk is full: make room for ${this.request.folder.root} (${end}; its log: ${failed.log}).`,
      );
    }
    throw new StartFailure(
      `${end}. Its last words:\n${lastWords}\nAll of them: ${failed.log}\n` +
        'If the data of this cluster is damaged, stop it with --wipe to begin anew.',
      hasLostPort || this.survivors.length > 0,
    );
  }

  private timedOut(what: string): StartFailure {
    const seconds = Math.round(this.elapsed() / 1000);
    return new StartFailure(
      `The embedded cluster was not usable after ${seconds} s: still waiting until ${what} (${this.detail ?? 'no answer'}). ` +
        `Logs: ${path.dirname(this.request.folder.log('etcd'))}`,
      this.survivors.length > 0,
    );
  }
}

/** Whether there is less room than a log line may need: then nobody could even write why he ended. */
function isFull(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < 1024 * 1024;
}
