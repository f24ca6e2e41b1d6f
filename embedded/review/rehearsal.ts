import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { ensureNodes, startCluster, stopCluster } from '../cluster';
import { stackFileSealer } from '../engine';
import { type Access, clusterEntry, networkEnvironment, startNetwork, stopNetwork } from '../network';
import { ApiClient, loadKubeconfig, selectTarget } from '../../kubernetes-api';
import { YamlError } from '../../stack-file';
import type { Checkout } from './checkouts';
import { Provisioner } from './provisioner';
import { type Place, type Sealer, adaptStackFile, surroundings } from './stack-file';

const REQUEST_TIMEOUT = 30;

/** How a command of the engine ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** An empty embedded cluster and network, on which one stack is brought up as one checkout has it and previewed as another has it. */
export class Rehearsal {
  private constructor(
    private readonly directory: string,
    private readonly api: ApiClient,
    private readonly provisioner: Provisioner,
    private readonly network: Access,
    private readonly place: Place,
    private readonly sealer: Sealer,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** @param directory of its own; what an earlier one, killed, has left there is removed */
  static async start(directory: string): Promise<Rehearsal> {
    await Rehearsal.removeRemains(directory);
    await mkdir(path.join(directory, 'state'), { recursive: true, mode: 0o700 });
    const { kubeconfig, context } = await startCluster({ directory: clusterOf(directory) });
    const network = await startNetwork({ directory: networkOf(directory), deployment: { kubeconfig, context } });
    const passphrase = randomBytes(24).toString('base64url');
    const api = new ApiClient(selectTarget(await loadKubeconfig(kubeconfig), { context }), REQUEST_TIMEOUT);
    const environment = {
      ...process.env,
      // Else addresses that no stack names would go to the simulated services as well.
      AIOS_ENDPOINT_TOKENS: networkEnvironment(network).AIOS_ENDPOINT_TOKENS,
      PULUMI_BACKEND_URL: `file://${path.join(directory, 'state')}`,
      PULUMI_CONFIG_PASSPHRASE: passphrase,
      // A policy that the stack only names was onboarded in the real network, by somebody else.
      AIOS_PROOF: 'off',
      NO_COLOR: '1',
    };
    const sealer = await stackFileSealer(passphrase);
    const place = { ...network, kubeconfig, context };
    return new Rehearsal(directory, api, new Provisioner(api), network, place, sealer, environment);
  }

  /** Ends and removes what a rehearsal had started. */
  static async removeRemains(directory: string): Promise<void> {
    await stopNetwork({ directory: networkOf(directory), wipe: true });
    await stopCluster({ directory: clusterOf(directory), wipe: true });
    await rm(directory, { recursive: true, force: true });
  }

  async end(): Promise<void> {
    await this.provisioner.stop();
    await Rehearsal.removeRemains(this.directory);
  }

  /** Brings a stack up as a checkout has it. */
  up(checkout: Checkout, stack: string): Promise<Ended> {
    return this.engine(checkout, stack, 'up', '--yes', '--suppress-outputs');
  }

  /** What a checkout would change of the stack that is up, and what its guardrails say of that, as JSON. */
  preview(checkout: Checkout, stack: string): Promise<Ended> {
    return this.engine(checkout, stack, 'preview', '--json', '--policy-pack', 'policies/guardrails');
  }

  private async engine({ directory }: Checkout, stack: string, ...args: string[]): Promise<Ended> {
    await this.adapt(path.join(directory, 'stacks', `Pulumi.${stack}.yaml`));
    const cli = path.join(directory, 'embedded/engine/cli.ts');
    const child = spawn(
      process.execPath,
      ['--require', 'tsx/cjs', cli, ...args, '--stack', stack, '--cwd', directory],
      {
        cwd: directory,
        env: this.environment,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const ended = new Promise<number>((resolve, reject) => {
      child.once('error', reject).once('close', (code) => resolve(code ?? 1));
    });
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { stdout, stderr, code };
  }

  /** What cannot be read stays as it is: the engine says what is wrong with it, with line and column. */
  private async adapt(file: string): Promise<void> {
    const written = await readFile(file, 'utf8');
    try {
      const { nodes, clusters, hasNamespaces, pullSecret } = surroundings(written);
      await ensureNodes(this.api, nodes);
      if (hasNamespaces) await this.provisioner.createNamespaces();
      if (pullSecret) await this.provisioner.createPullSecret(pullSecret);
      await this.provisioner.labelDatabaseNodes();
      await registerClusters(this.network, clusters);
      await writeFile(file, adaptStackFile(written, this.place, this.sealer));
    } catch (error) {
      if (!(error instanceof YamlError)) throw error;
    }
  }
}

/** Clusters that policies are bound to are registered by their owners, not by this program. */
async function registerClusters({ clustersRegistry, token }: Access, clusters: readonly string[]): Promise<void> {
  for (const cluster of clusters) {
    await fetch(`${clustersRegistry}/clusters`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: JSON.stringify(clusterEntry(cluster)),
    });
  }
}

const clusterOf = (directory: string) => path.join(directory, 'cluster');
const networkOf = (directory: string) => path.join(directory, 'network');
