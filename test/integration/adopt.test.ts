import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Cluster, startCluster, stopCluster } from '../../embedded/cluster';
import { type DetachedNetwork, networkEnvironment, startNetwork } from '../../embedded/network';
import { NAMESPACES, upstreamMember, upstreamServices } from './harness/upstream';
import { type EngineResult, type Sections, Workspace } from './harness/workspace';

const run = promisify(execFile);

/** Where upstream's members happen to run. */
const NODES = { registry: ['worker-2', 'worker-1', 'worker-3'], metrics: ['worker-1', 'worker-3', 'worker-2'] };
const DATABASES = [
  { section: 'registry', name: 'registry', namespace: 'registries', labels: ['registry=yes'] },
  { section: 'metrics', name: 'metrics-db', namespace: 'metrics-system', labels: ['metrics=yes', 'metrics-db=yes'] },
] as const;

interface LiveObject {
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid: string;
    creationTimestamp: string;
    labels?: Record<string, string>;
  };
  spec: Record<string, unknown>;
  status?: { conditions?: { type: string; lastTransitionTime: string }[] };
}

interface Variable {
  name: string;
  value?: string;
  valueFrom?: { secretKeyRef?: { key: string } };
}

describe("a network that upstream's installer made", () => {
  let directory: string;
  let cluster: Cluster;
  let network: DetachedNetwork;
  let workspace: Workspace;
  let before: LiveObject[];

  const kubectl = async (...args: string[]) =>
    (await run(cluster.kubectl, ['--kubeconfig', cluster.kubeconfig, ...args], { maxBuffer: 2 ** 26 })).stdout.trim();

  async function send(verb: 'apply' | 'create', object: object): Promise<void> {
    const file = path.join(directory, 'object.json');
    await writeFile(file, JSON.stringify(object));
    await kubectl(verb, '-f', file);
  }

  async function objects(kinds: string): Promise<LiveObject[]> {
    const { items } = JSON.parse(await kubectl('get', kinds, '-A', '-o', 'json')) as { items: LiveObject[] };
    return items;
  }
  const upstreamObjects = async () =>
    (await objects('namespace,persistentvolume,persistentvolumeclaim,service,deployment')).filter(
      ({ kind, metadata: { name, namespace = kind === 'Namespace' ? name : 'registries' } }) =>
        NAMESPACES.includes(namespace) && !name.startsWith('kube'),
    );

  /** Each member where it is to be, as chance has it in a real one: only its node has the label while it is scheduled. */
  async function installDatabase({ section, name, namespace, labels }: (typeof DATABASES)[number]): Promise<void> {
    const without = labels.map((label) => label.replace('=yes', '-'));
    for (const [ordinal, node] of NODES[section].entries()) {
      await kubectl('label', 'node', node, ...labels);
      await send('apply', upstreamMember(name, namespace, ordinal, '1Gi'));
      await kubectl(
        '-n',
        namespace,
        'wait',
        '--for=condition=Available',
        `deployment/${name}-${ordinal}`,
        '--timeout=90s',
      );
      await kubectl('label', 'node', node, ...without);
    }
    await kubectl('label', 'node', ...NODES[section], ...labels);
  }

  const adopted = (authentication: string, change: (sections: Sections) => void = () => undefined) =>
    workspace.configure((sections) => {
      sections.cluster = { adopt: true };
      for (const { section } of DATABASES) {
        // Upstream's image: with another, its members would restart.
        sections[section] = { ...sections[section], image: 'mongo:6.0', nodes: NODES[section], authentication };
      }
      change(sections);
    });

  const podsOf = async (name: string, namespace: string) =>
    (await objects('pod')).filter(
      ({ metadata }) => metadata.namespace === namespace && metadata.labels?.app?.startsWith(`${name}-`),
    );
  const memberPods = async () => (await Promise.all(DATABASES.map((one) => podsOf(one.name, one.namespace)))).flat();
  const uids = (list: readonly LiveObject[]) => list.map(({ metadata }) => metadata.uid).sort();

  /** What keeps its identity, its address and its ports, of all that upstream's installer made. */
  async function expectNothingReplaced(): Promise<void> {
    const after = new Map((await upstreamObjects()).map((object) => [object.metadata.uid, object]));
    const fixed = ({ kind, metadata, spec }: LiveObject) => ({
      name: `${kind} ${metadata.namespace ?? ''}/${metadata.name}`,
      address: spec.clusterIP,
      ports: (spec.ports as { nodePort?: number }[] | undefined)?.map(({ nodePort }) => nodePort),
      volume: spec.volumeName,
      path: spec.hostPath,
    });
    const kept = before.flatMap(({ metadata }) => after.get(metadata.uid) ?? []);
    expect(kept.map(fixed)).toEqual(before.map(fixed));
  }

  async function refusal(): Promise<string> {
    const outcomes = [await workspace.engine('preview'), await workspace.engine('up', '--yes')];
    expect(outcomes.map(({ code }) => code === 0)).toEqual([false, false]);
    return outcomes.map(({ stdout, stderr }) => stdout + stderr).join();
  }

  async function up(): Promise<Record<string, number>> {
    const changes = await workspace.changes('up', '--yes');
    expect(await workspace.changes('preview', '--refresh', '--expect-no-changes')).toEqual({
      same: expect.any(Number) as number,
    });
    await expectNothingReplaced();
    return changes;
  }

  /** That no member was stopped before the one before it was ready again. */
  async function expectOneAtATime(): Promise<void> {
    for (const { name, namespace } of DATABASES) {
      const times = (await podsOf(name, namespace))
        .sort((one, other) => ((one.metadata.labels?.app ?? '') < (other.metadata.labels?.app ?? '') ? -1 : 1))
        .flatMap(({ metadata, status }) => [
          metadata.creationTimestamp,
          status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? '',
        ]);
      expect(times).toEqual([...times].sort());
    }
  }

  async function variable(namespace: string, deployment: string, name: string): Promise<Variable | undefined> {
    const env = await kubectl(
      ...['-n', namespace, 'get', 'deployment', deployment, '-o', 'jsonpath={.spec.template.spec.containers[0].env}'],
    );
    return (JSON.parse(env) as Variable[]).find((one) => one.name === name);
  }
  const args = async (namespace: string, name: string) =>
    kubectl(...['-n', namespace, 'get', 'deployment', name, '-o', 'jsonpath={.spec.template.spec.containers[0].args}']);

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'aios-adopt-'));
    cluster = await startCluster({ directory });
    const { kubeconfig, context } = cluster;
    network = await startNetwork({ directory: path.join(directory, 'network'), deployment: { kubeconfig, context } });
    workspace = await Workspace.create({ AIOS_EMBEDDED_KUBECONFIG: kubeconfig, ...networkEnvironment(network) });
    for (const namespace of NAMESPACES) await kubectl('create', 'namespace', namespace);
    for (const database of DATABASES) await installDatabase(database);
    await send('create', upstreamServices());
    await kubectl('wait', '--for=condition=Available', 'deployment', '--all', '-A', '--timeout=180s');
    before = await upstreamObjects();
  }, 900_000);

  afterAll(async () => {
    await workspace.remove();
    await network.close();
    await stopCluster({ directory, wipe: true });
    await rm(directory, { recursive: true, force: true });
  }, 60_000);

  test('is not touched before it is handed over, nor where the stack says otherwise of it', async () => {
    await adopted('none');
    expect(await refusal()).toMatch(
      /Deployment registry-0, registry-1, registry-2 in registries is not there, or not handed/,
    );
    await adopted('none', ({ registry }) =>
      Object.assign(registry ?? {}, { nodes: ['worker-1', 'worker-2', 'worker-3'] }),
    );
    const told: EngineResult = await workspace.operation('adopt', '--yes', 'dev');
    expect(told.stdout).toContain('set nodes: [worker-2, worker-1, worker-3]');
    expect(told.code).toBe(1);
  }, 300_000);

  test('is taken over as it is: nothing is replaced, and no database restarts', async () => {
    const pods = await objects('pod');
    const members = uids(await memberPods());
    await adopted('none');
    const handed = await workspace.operation('adopt', '--yes', 'dev');
    expect(handed).toEqual({
      code: 0,
      // Of upstream's MongoDB, once for each database.
      stderr: expect.stringMatching(/^(?:warning: .*MongoDB 6\.0 .*\n){2}$/) as string,
      stdout: expect.stringMatching(/\d+ objects are handed over/) as string,
    });
    expect(uids(await objects('pod'))).toEqual(uids(pods));

    const doctor = await workspace.operation('doctor', '--json');
    const findings = JSON.parse(doctor.stdout) as { check: string; state: string; result: string }[];
    expect(findings.filter(({ state }) => state === 'problem')).toEqual([]);
    expect(findings.find(({ result }) => result.includes('upstream'))).toMatchObject({ check: 'names', state: 'ok' });

    const changes = await up();
    // What a refused update has made before are records of its own.
    expect(Object.keys(changes).sort()).toEqual(['create', 'same']);
    expect(uids(await memberPods())).toEqual(members);
    // One value, and one strategy: of upstream's nothing is left beside it.
    expect(await variable('registries', 'blocks-db', 'MONGO_HOST_URL')).toEqual({
      name: 'MONGO_HOST_URL',
      valueFrom: { secretKeyRef: { name: 'registry-connection', key: 'open-blocks-db' } },
    });
    expect(await kubectl('-n', 'registries', 'get', 'deployment', 'tasks-db', '-o', 'jsonpath={.spec.strategy}')).toBe(
      '{"type":"Recreate"}',
    );
    const again = await workspace.operation('adopt', '--yes', 'dev');
    expect(again.stdout).toContain('Nothing is left to hand over.');
  }, 600_000);

  test('asks for passwords one step after the other, one member at a time', async () => {
    await adopted('enforced');
    expect(await refusal()).toMatch(/registry\.authentication is enforced and was none: .*Set transition/);

    const members = uids(await memberPods());
    await adopted('transition');
    await up();
    expect(await args('registries', 'registry-2')).toContain('--transitionToAuth');
    const key = { secretKeyRef: { name: 'registry-connection', key: 'blocks-db' } };
    expect(await variable('registries', 'blocks-db', 'MONGO_HOST_URL')).toMatchObject({ valueFrom: key });
    const pods = await memberPods();
    expect(uids(pods).filter((uid) => members.includes(uid))).toEqual([]);
    const places = pods.map(({ metadata, spec }) => `${metadata.labels?.app} ${spec.nodeName as string}`).sort();
    const wanted = DATABASES.flatMap(({ name, section }) => NODES[section].map((node, n) => `${name}-${n} ${node}`));
    expect(places).toEqual(wanted.sort());
    await expectOneAtATime();

    await adopted('enforced');
    await up();
    expect(await args('metrics-system', 'metrics-db-0')).not.toContain('--transitionToAuth');
  }, 600_000);

  test.each<[string, (sections: Sections) => void, RegExp]>([
    [
      'where it comes from',
      ({ cluster: section }) => Object.assign(section ?? {}, { adopt: false }),
      /cluster\.adopt is false and was/,
    ],
    [
      'how many members it has',
      ({ registry }) => Object.assign(registry ?? {}, { replicas: 1 }),
      /registry\.replicas is 1 and was 3/,
    ],
  ])(
    'keeps %s',
    async (_what, change, message) => {
      await adopted('enforced', change);
      expect(await refusal()).toMatch(message);
      await expectNothingReplaced();
    },
    300_000,
  );
});
