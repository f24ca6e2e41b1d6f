import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Cluster, startCluster, stopCluster } from '../../../embedded/cluster';
import { networkEnvironment, startNetwork, stopNetwork } from '../../../embedded/network';
import type { RealPulumi } from '../../../embedded/pulumi';
import { Workspace } from '../../integration/harness/workspace';
import { type Engine, succeed, up } from './engine';
import { embeddedEngine, pulumiCli } from './engines';

const execute = promisify(execFile);

/** Both engines, on one stack with one state, on one cluster. */
export interface Stage {
  readonly embedded: Engine;
  readonly cli: Engine;
  /** Stack file, state and project of both. */
  readonly workspace: Workspace;
  /** Says what is being done right now. */
  readonly say: (what: string) => void;
  /** Runs kubectl on the cluster. @returns its stdout */
  readonly kubectl: (...args: string[]) => Promise<string>;
}

export interface StageOptions {
  readonly pulumi: RealPulumi;
  /** Where to work, and leave everything running. */
  readonly keep: string | undefined;
  readonly signal: AbortSignal;
  readonly say: (what: string) => void;
}

/** Works on a stage of its own, with stack dev up, of which nothing is left afterwards but what is to be kept. */
export async function withStage<T>(options: StageOptions, work: (stage: Stage) => Promise<T>): Promise<T> {
  const { keep, say } = options;
  const folder = keep ?? (await mkdtemp(path.join(tmpdir(), 'aios-conformance-')));
  const directory = path.join(folder, 'cluster');
  const network = path.join(folder, 'network');
  await mkdir(folder, { recursive: true });
  try {
    say('starting a cluster');
    const cluster = await startCluster({ directory });
    const environment = await startSurroundings(cluster, network);
    return await work(await stageOn(cluster, { ...options, environment, folder }));
  } finally {
    if (keep === undefined) {
      say('stopping the cluster');
      await stopNetwork({ directory: network });
      await stopCluster({ directory });
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** Starts what the program talks to beside the cluster. @returns what it has to be told */
async function startSurroundings({ kubeconfig, context }: Cluster, directory: string): Promise<Record<string, string>> {
  const network = await startNetwork({ directory, deployment: { kubeconfig, context } });
  return { AIOS_EMBEDDED_KUBECONFIG: kubeconfig, ...networkEnvironment(network) };
}

async function stageOn(
  cluster: Cluster,
  options: StageOptions & { environment: Record<string, string>; folder: string },
): Promise<Stage> {
  const { environment, folder, signal, say, pulumi } = options;
  const workspace = await Workspace.create(environment, path.join(folder, 'workspace'));
  const ground = { directory: workspace.directory, environment: workspace.environment, signal };
  return {
    embedded: embeddedEngine(ground),
    cli: pulumiCli(ground, pulumi),
    workspace,
    say,
    async kubectl(...args) {
      const { stdout } = await execute(cluster.kubectl, ['--kubeconfig', cluster.kubeconfig, ...args], {
        maxBuffer: 2 ** 26,
        signal,
      });
      return stdout.trim();
    },
  };
}

/** Brings the stack to what stacks/Pulumi.dev.yaml says: anew where it cannot go back, as with volumes that grew. */
export async function restore({ embedded, workspace, say }: Stage): Promise<void> {
  say('bringing the stack up as it was');
  await workspace.configure(() => undefined);
  const { code } = await embedded.run('up', '--yes');
  if (code === 0) return;
  say('bringing it up anew');
  await embedded.run('cancel');
  await succeed(embedded, 'destroy', '--yes');
  await up(embedded);
}

/** What an engine does with what the other one left. */
export interface Turn {
  readonly first: Engine;
  readonly second: Engine;
}

/** Both ways round. */
export const turns = ({ embedded, cli }: Stage): readonly Turn[] => [
  { first: embedded, second: cli },
  { first: cli, second: embedded },
];
