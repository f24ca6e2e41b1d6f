import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { startCluster, stopCluster } from '../../embedded/cluster';
import { type DetachedNetwork, networkEnvironment, startNetwork } from '../../embedded/network';
import { kubectlCommands } from '../documented-commands';
import { type Sections, Workspace, ended, until } from './harness/workspace';

const run = promisify(execFile);

const PLACE = '/mnt/data/registry';
const RECORD = 'aios:database:DataPlacement';
const OTHER = '/mnt/disk2/registry';

describe('the places of a living database', () => {
  let directory: string;
  let cluster: Awaited<ReturnType<typeof startCluster>>;
  let network: DetachedNetwork;
  let workspace: Workspace;

  const kubectl = async (...args: string[]) =>
    (await run(cluster.kubectl, ['--kubeconfig', cluster.kubeconfig, ...args])).stdout.trim();
  const registry = (change: Record<string, unknown>) => (sections: Sections) => {
    sections.registry = { ...sections.registry, ...change };
  };
  const directories = () => kubectl('get', 'pv', '-l', 'app=registry', '-o', 'jsonpath={.items[*].spec.hostPath.path}');
  const on = (place: string) => [0, 1, 2].map((ordinal) => `${place}-${ordinal}`).join(' ');

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'aios-placement-'));
    cluster = await startCluster({ directory });
    const { kubeconfig, context } = cluster;
    network = await startNetwork({ directory: path.join(directory, 'network'), deployment: { kubeconfig, context } });
    workspace = await Workspace.create({ AIOS_EMBEDDED_KUBECONFIG: kubeconfig, ...networkEnvironment(network) });
    await workspace.changes('up', '--yes');
  }, 900_000);

  afterAll(async () => {
    await workspace.remove();
    await network.close();
    await stopCluster({ directory, wipe: true });
    await rm(directory, { recursive: true, force: true });
  }, 60_000);

  /** What an update of this configuration says; it must end without having changed anything. */
  async function refusal(change: (sections: Sections) => void): Promise<string> {
    await workspace.configure(change);
    const before = recorded(await workspace.state());
    const places = await directories();
    const preview = await workspace.engine('preview');
    const up = await workspace.engine('up', '--yes');
    expect([preview.code === 0, up.code === 0]).toEqual([false, false]);
    expect(recorded(await workspace.state())).toEqual(before);
    expect(await directories()).toBe(places);
    return `${up.stdout}\n${up.stderr}`;
  }

  test.each<[string, (sections: Sections) => void, RegExp]>([
    ['storage', registry({ storage: { localPath: OTHER } }), /registry\.storage is localPath .*\(1\) take a backup/],
    ['a StorageClass in its place', registry({ storage: { storageClass: 'fast' } }), /is storageClass fast and was/],
    ['the order of nodes', registry({ nodes: ['worker-2', 'worker-1', 'worker-3'] }), /member 0 from worker-1 to/],
    ['network.name', ({ network }) => Object.assign(network ?? {}, { name: 'other' }), /network\.name is "other"/],
    ['an emptied section', (sections) => Object.assign(sections, { registry: null }), /registry: .*empty/],
  ])('a change of %s is refused once, before anything is changed', async (_what, change, message) => {
    const said = await refusal(change);
    expect(said).toMatch(message);
    expect(said.match(new RegExp(message, 'g'))).toHaveLength(1);
    await workspace.configure(() => undefined);
    expect(Object.keys(await workspace.changes('preview', '--expect-no-changes'))).toEqual(['same']);
  });

  test('a stack that is up since before its places were recorded keeps them', async () => {
    const file = path.join(workspace.directory, 'state/.pulumi/stacks/aios-network/dev.json');
    await writeFile(file, withoutRecords(await readFile(file, 'utf8')));
    await workspace.configure(registry({ storage: { localPath: OTHER } }));
    const up = await workspace.engine('up', '--yes');
    expect(up.stdout).toMatch(
      /registry\.storage is localPath \/mnt\/disk2\/registry and was localPath \/mnt\/data\/reg/,
    );
    expect(await directories()).toBe(on(PLACE));
    await workspace.configure(() => undefined);
    await workspace.changes('up', '--yes');
    await workspace.changes('preview', '--expect-no-changes');
  });

  test('the commands of the pages for operators do as they are written there', async () => {
    const note = ['configmap', 'registry-initiated', 'aios-network/replica-set-id=64f1a2b3c4d5e6f708192a3b'];
    await kubectl('-n', 'registries', 'annotate', ...note);
    const env = { ...process.env, KUBECTL: cluster.kubectl, KUBECONFIG: cluster.kubeconfig };
    for (const command of ['docs/operations.md', 'docs/backup.md'].flatMap(kubectlCommands)) {
      // What reaches into a container needs one that runs, and none does here; a placeholder is the reader's to fill in.
      if (/ (?:exec|logs|cp)\b| [A-Z]{3,}\b/.test(command)) continue;
      const { stdout } = await run('bash', ['-c', command.replace(/^kubectl/, '"$KUBECTL"')], { env });
      expect(`${command}: ${stdout}`).not.toBe(`${command}: `);
    }
    // The note that was taken away is the members' to make again.
    expect(
      await kubectl(
        '-n',
        'registries',
        'get',
        'configmap',
        'registry-initiated',
        '-o',
        'jsonpath={.metadata.annotations}',
      ),
    ).not.toContain('replica-set-id');
  });

  test('protected members leave and come back: their volumes are kept, and taken back', async () => {
    const members = (replicas: number, more: Record<string, unknown> = {}) =>
      registry({ replicas, protect: true, ...more });
    const up = async (change: (sections: Sections) => void) => {
      await workspace.configure(change);
      await workspace.changes('up', '--yes');
      await workspace.changes('preview', '--expect-no-changes');
    };
    const uids = () => kubectl('get', 'pv,pvc', '-A', '-l', 'app=registry', '-o', 'jsonpath={.items[*].metadata.uid}');
    await up(members(5));
    const five = await uids();
    await up(members(3));
    expect(await uids()).toBe(five);

    await workspace.configure(members(5, { nodes: ['worker-1', 'worker-2', 'worker-3', 'worker-5', 'worker-4'] }));
    const elsewhere = await workspace.engine('preview');
    expect(elsewhere.stdout).toMatch(/registry-data-3 is \/mnt\/data\/registry-3 on worker-4, not .* on worker-5/);
    await workspace.configure(members(1));
    expect((await workspace.engine('preview')).stdout).toMatch(/registry\.replicas is 1 and was 3: .*singleMember/);

    await up(members(5));
    expect(await uids()).toBe(five);

    // Without protection, nothing is kept of whom it is taken from first.
    await up(registry({ replicas: 5 }));
    await up(() => undefined);
    expect((await uids()).split(' ')).toHaveLength(2 * 3);
  }, 300_000);

  test('a planned move comes to its end as docs/recovery.md says, and goes on where it was killed', async () => {
    await workspace.configure(registry({ stopped: true }));
    await workspace.changes('up', '--yes');

    const move = registry({ stopped: true, storage: { localPath: OTHER }, unsafe: { moveStorage: true } });
    await workspace.configure(move);
    const early = await workspace.engine('up', '--yes');
    expect(early.stdout).toMatch(/of the place before there is still data-registry-0, /);
    expect(await directories()).toBe(on(PLACE));

    await kubectl('-n', 'registries', 'delete', 'pvc', '-l', 'app=registry');
    await kubectl('delete', 'pv', '-l', 'app=registry');
    await workspace.changes('refresh', '--yes');
    const killed = workspace.start('up', '--yes');
    const end = ended(killed);
    await until(async () => (await directories()) !== '', 'a new volume is there');
    killed.kill('SIGKILL');
    await end;
    await workspace.changes('up', '--yes');
    expect(await directories()).toBe(on(OTHER));

    await workspace.configure(registry({ storage: { localPath: OTHER } }));
    await workspace.changes('up', '--yes');
    await workspace.changes('preview', '--refresh', '--expect-no-changes');
    const ready = ['get', 'statefulset', 'registry', '-o', 'jsonpath={.status.readyReplicas}'];
    expect(await kubectl('-n', 'registries', ...ready)).toBe('3');
  }, 300_000);
});

interface StateResource {
  type: string;
  urn: string;
  inputs?: unknown;
  dependencies?: string[];
}

interface State {
  checkpoint: { latest: { resources: StateResource[] } };
}

/** Which resources there are, and what is recorded of places. */
function recorded(text = ''): unknown[] {
  const { resources } = (JSON.parse(text) as State).checkpoint.latest;
  return resources.map(({ urn, inputs, type }) => (type === RECORD ? inputs : urn));
}

/** The state as it was written before places were recorded. */
function withoutRecords(text: string): string {
  const state = JSON.parse(text) as State;
  const { latest } = state.checkpoint;
  const isRecord = ({ type }: StateResource) => type === RECORD;
  const records = new Set(latest.resources.filter(isRecord).map(({ urn }) => urn));
  latest.resources = latest.resources
    .filter((resource) => !isRecord(resource))
    .map((resource) => ({
      ...resource,
      ...(resource.dependencies && { dependencies: resource.dependencies.filter((urn) => !records.has(urn)) }),
    }));
  return JSON.stringify(state);
}
