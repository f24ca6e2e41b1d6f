import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import { type Cluster, startCluster, stopCluster } from '../../embedded/cluster';
import { type DetachedNetwork, networkEnvironment, startNetwork } from '../../embedded/network';
import { newStack } from '../../operations/new-stack/new-stack';
import { Workspace } from './harness/workspace';

const run = promisify(execFile);
const CHECKOUT = path.resolve(__dirname, '../..');
const STACKS = ['eu-1', 'us-1'] as const;
type Stack = (typeof STACKS)[number];

interface Kubeconfig {
  clusters: { name: string }[];
  users: { name: string }[];
  contexts: { name: string; context: { cluster: string; user: string } }[];
}

interface Place {
  cluster: Cluster;
  network: DetachedNetwork;
}

/** Two networks of one owner: two stacks of one checkout with one state backend, each on a cluster of its own. */
describe('two stacks side by side', () => {
  let directory: string;
  let workspace: Workspace;
  const places = new Map<Stack, Place>();

  const placeOf = (stack: Stack) => {
    const place = places.get(stack);
    if (place === undefined) throw new Error(`no cluster for ${stack}`);
    return place;
  };

  const members = async (stack: Stack) => {
    const { kubectl, kubeconfig } = placeOf(stack).cluster;
    const what = [
      'get',
      'statefulsets',
      '-A',
      '-o',
      'jsonpath={range .items[*]}{.metadata.name}={.spec.replicas} {end}',
    ];
    return (await run(kubectl, ['--kubeconfig', kubeconfig, ...what])).stdout.trim();
  };

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'aios-two-stacks-'));
    for (const stack of STACKS) {
      const home = path.join(directory, stack);
      await mkdir(home);
      const cluster = await startCluster({ directory: home });
      const deployment = { kubeconfig: cluster.kubeconfig, context: cluster.context };
      places.set(stack, {
        cluster,
        network: await startNetwork({ directory: path.join(home, 'network'), deployment }),
      });
    }
    // As an owner has it: one kubeconfig with a context for each cluster, and stacks that name their own.
    await writeFile(kubeconfig(), stringify(await joined()), { mode: 0o600 });
    workspace = await Workspace.create({
      AIOS_ENDPOINT_TOKENS: JSON.stringify(Object.assign({}, ...STACKS.map(tokens)) as object),
    });
    for (const stack of STACKS) await configure(stack, 3);
  }, 900_000);

  afterAll(async () => {
    for (const stack of STACKS) {
      await places.get(stack)?.network.close();
      await stopCluster({ directory: path.join(directory, stack), wipe: true });
    }
    await workspace.remove();
    await rm(directory, { recursive: true, force: true });
  }, 120_000);

  const kubeconfig = () => path.join(directory, 'kubeconfig');

  const tokens = (stack: Stack) =>
    JSON.parse(networkEnvironment(placeOf(stack).network).AIOS_ENDPOINT_TOKENS ?? '{}') as Record<string, string>;

  async function joined(): Promise<object> {
    const files = await Promise.all(
      STACKS.map(async (stack) => {
        const { clusters, users, contexts } = parse(
          await readFile(placeOf(stack).cluster.kubeconfig, 'utf8'),
        ) as Kubeconfig;
        return {
          clusters: clusters.map((one) => ({ ...one, name: stack })),
          users: users.map((one) => ({ ...one, name: stack })),
          contexts: contexts.map((one) => ({ ...one, name: stack, context: { cluster: stack, user: stack } })),
        };
      }),
    );
    return {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: files.flatMap(({ clusters }) => clusters),
      users: files.flatMap(({ users }) => users),
      contexts: files.flatMap(({ contexts }) => contexts),
    };
  }

  /** What `make stack` makes of dev's file, with what it asks for filled in. */
  async function configure(name: Stack, metricsReplicas: number): Promise<void> {
    const dev = await readFile(path.join(CHECKOUT, 'stacks/Pulumi.dev.yaml'), 'utf8');
    const { config } = parse(newStack(dev, { from: 'dev', name }).text) as { config: Record<string, object> };
    const nodes = ['worker-1', 'worker-2', 'worker-3', 'worker-4', 'worker-5'];
    const { gateway, policiesSystem, clustersRegistry, policyCode } = placeOf(name).network;
    const filledIn: Record<string, object> = {
      cluster: { context: name, kubeconfig: kubeconfig() },
      network: { advertisedHost: `${name}.example.org` },
      registry: { nodes },
      metrics: { nodes, replicas: metricsReplicas },
      policies: {
        endpoints: {
          gateway: { url: gateway },
          policiesSystem: { url: policiesSystem },
          clustersRegistry: { url: clustersRegistry },
        },
        code: { uploadUrl: policyCode },
      },
    };
    const sections = Object.entries(filledIn).map(([section, values]) => {
      const key = `aios-network:${section}`;
      return [key, { ...config[key], ...values }] as const;
    });
    const content = stringify({ config: { ...config, ...Object.fromEntries(sections) } });
    await writeFile(workspace.forStack(name).stackFile, content);
  }

  it('come up at once, change alone, and go alone', async () => {
    const up = (stack: Stack) => workspace.forStack(stack).changes('up', '--yes');
    const [eu, us] = await Promise.all(STACKS.map(up));
    expect(Object.keys(eu ?? {})).toEqual(['create']);
    expect(us).toEqual(eu);

    const same = { same: eu?.create };
    await configure('us-1', 5);
    await Promise.all(STACKS.map(up));
    expect(await members('us-1')).toBe('metrics-db=5 registry=3');
    expect(await members('eu-1')).toBe('metrics-db=3 registry=3');
    expect(await workspace.forStack('eu-1').changes('preview')).toEqual(same);

    await workspace.forStack('us-1').changes('destroy', '--yes');
    expect(await members('us-1')).toBe('');
    expect(await workspace.forStack('eu-1').changes('up', '--yes')).toEqual(same);
  }, 600_000);
});
