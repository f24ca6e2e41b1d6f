import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { startCluster, stopCluster, type Cluster } from '../../../embedded/cluster';
import { KubernetesProvider } from '../../../embedded/engine/providers/kubernetes/provider';
import type { PropertyMap } from '../../../embedded/engine/values/value';

/** A cluster of the test file's own, with the namespace `tests`, and a provider that is configured for it. */
export class ProviderWorld {
  readonly directory = mkdtempSync(path.join(tmpdir(), 'aios-kubernetes-provider-'));
  private running: { cluster: Cluster; provider: KubernetesProvider } | undefined;
  private readonly others: KubernetesProvider[] = [];

  constructor() {
    jest.setTimeout(60_000);
    beforeAll(() => this.start(), 600_000);
    afterAll(() => this.stop());
  }

  get cluster(): Cluster {
    return this.started.cluster;
  }

  get provider(): KubernetesProvider {
    return this.started.provider;
  }

  /** Another provider, with settings of its own. */
  async configured(settings: PropertyMap = {}): Promise<KubernetesProvider> {
    const made = await configure(this.cluster, settings);
    this.others.push(made);
    return made;
  }

  async kubectl(...args: string[]): Promise<string> {
    const { kubectl, kubeconfig } = this.cluster;
    const { stdout } = await promisify(execFile)(kubectl, ['--kubeconfig', kubeconfig, ...args]);
    return stdout.trim();
  }

  /** kubectl in the namespace `tests`. */
  kubectlHere(...args: string[]): Promise<string> {
    return this.kubectl('-n', 'tests', ...args);
  }

  /** An object as the API server has it. */
  async live(...what: string[]): Promise<PropertyMap> {
    return JSON.parse(await this.kubectlHere('get', ...what, '--show-managed-fields', '-o', 'json')) as PropertyMap;
  }

  /** The text of a kubeconfig that is the cluster's but for one address. */
  kubeconfigAt(server: string): string {
    return readFileSync(this.cluster.kubeconfig, 'utf8').replace(this.cluster.server, server);
  }

  /** The text of a kubeconfig that speaks for another user. */
  kubeconfigAs(user: string): string {
    const text = readFileSync(this.cluster.kubeconfig, 'utf8');
    return text.replace(/^( +)token: /m, (line, indent: string) => `${indent}as: ${user}\n${line}`);
  }

  private get started() {
    if (!this.running) throw new Error('the cluster has not started');
    return this.running;
  }

  private async start(): Promise<void> {
    const cluster = await startCluster({ directory: this.directory });
    this.running = { cluster, provider: await configure(cluster) };
    await this.kubectl('create', 'namespace', 'tests');
  }

  private async stop(): Promise<void> {
    await Promise.all([this.provider, ...this.others].map((provider) => provider.close()));
    await stopCluster({ directory: this.directory });
    rmSync(this.directory, { recursive: true });
  }
}

async function configure({ kubeconfig }: Cluster, settings: PropertyMap = {}): Promise<KubernetesProvider> {
  const made = new KubernetesProvider();
  await made.configure({ kubeconfig, enableSecretMutable: 'true', ...settings });
  return made;
}
