import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import { type Cluster, startCluster, stopCluster } from '../../embedded/cluster';
import { type DetachedNetwork, networkEnvironment, startNetwork } from '../../embedded/network';
import { Workspace } from './harness/workspace';

const run = promisify(execFile);
const CHECKOUT = path.resolve(__dirname, '../..');
const CONTEXT = 'aios-staging';
const LABELS = ['registry=yes', 'metrics=yes', 'metrics-db=yes'];

/** What an owner prepares before the first `make up`: docs/first-cluster.md. */
describe('stack staging, as it is shipped', () => {
  let directory: string;
  let cluster: Cluster;
  let network: DetachedNetwork;
  let workspace: Workspace;

  const kubectl = async (...args: string[]) =>
    (await run(cluster.kubectl, ['--kubeconfig', cluster.kubeconfig, ...args])).stdout.trim();

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'aios-shipped-'));
    cluster = await startCluster({ directory });
    const deployment = { kubeconfig: cluster.kubeconfig, context: cluster.context };
    network = await startNetwork({ directory: path.join(directory, 'network'), deployment });
    const tokens = networkEnvironment(network).AIOS_ENDPOINT_TOKENS ?? '{}';
    workspace = await Workspace.create({ AIOS_ENDPOINT_TOKENS: tokens });
    await configure();
  }, 900_000);

  afterAll(async () => {
    await workspace.remove();
    await network.close();
    await stopCluster({ directory, wipe: true });
    await rm(directory, { recursive: true, force: true });
  }, 60_000);

  /** The shipped file, beside what is of this machine: a kubeconfig, and where the simulated services listen. */
  async function configure(): Promise<void> {
    const kubeconfig = path.join(directory, 'kubeconfig-staging');
    const own = parse(await readFile(cluster.kubeconfig, 'utf8')) as { contexts: { name: string }[] };
    for (const one of own.contexts) one.name = CONTEXT;
    await writeFile(kubeconfig, stringify(own), { mode: 0o600 });
    const shipped = await readFile(path.join(CHECKOUT, 'stacks/Pulumi.staging.yaml'), 'utf8');
    const { config } = parse(shipped) as { config: Record<string, object> };
    const { gateway, policiesSystem, clustersRegistry, policyCode } = network;
    const endpoints = {
      gateway: { url: gateway },
      policiesSystem: { url: policiesSystem },
      clustersRegistry: { url: clustersRegistry },
    };
    const here: Record<string, object> = {
      'aios-network:cluster': { kubeconfig },
      'aios-network:policies': { endpoints, code: { uploadUrl: policyCode } },
    };
    const sections = Object.entries(here).map(([key, values]) => [key, { ...config[key], ...values }] as const);
    const text = stringify({ config: { ...config, ...Object.fromEntries(sections) } });
    await writeFile(workspace.forStack('staging').stackFile, text);
  }

  /** Volumes of the class by hand: no provisioner runs here. */
  async function provideStorage(): Promise<void> {
    const storageClass = {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'standard' },
      provisioner: 'kubernetes.io/no-provisioner',
      volumeBindingMode: 'WaitForFirstConsumer',
    };
    const volumes = Array.from({ length: 6 }, (_, index) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `volume-${index}` },
      spec: {
        capacity: { storage: '10Gi' },
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'standard',
        hostPath: { path: `/mnt/volume-${index}` },
      },
    }));
    const file = path.join(directory, 'storage.json');
    await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [storageClass, ...volumes] }));
    await kubectl('apply', '-f', file);
  }

  it('comes up on an empty cluster with what its pages ask for, and stays', async () => {
    await kubectl('label', 'nodes', 'worker-1', 'worker-2', 'worker-3', ...LABELS);
    await provideStorage();
    const staging = workspace.forStack('staging');
    const without = await staging.engine('preview');
    expect(without.code).not.toBe(0);
    expect(without.stdout).toContain('there is no Secret aios-registry in namespace default to copy');

    const credentials = ['--docker-server=registry.example.org', '--docker-username=u', '--docker-password=hidden'];
    await kubectl('-n', 'default', 'create', 'secret', 'docker-registry', 'aios-registry', ...credentials);
    const created = await staging.changes('up', '--yes');
    expect(Object.keys(created)).toEqual(['create']);
    for (const namespace of ['registries', 'utils', 'metrics-system', 'services']) {
      expect(await kubectl('-n', namespace, 'get', 'secret', 'aios-registry', '-o', 'name')).toBe(
        'secret/aios-registry',
      );
    }
    expect(await staging.state()).not.toContain('hidden');
    expect(await staging.changes('up', '--yes', '--expect-no-changes')).toEqual({ same: created.create });
  }, 300_000);
});
