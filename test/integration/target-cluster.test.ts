import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Cluster, startCluster, stopCluster } from '../../embedded/cluster';
import { type DetachedNetwork, networkEnvironment, startNetwork } from '../../embedded/network';
import { type Sections, Workspace } from './harness/workspace';

const run = promisify(execFile);
const NAMESPACES = ['registries', 'utils', 'metrics-system', 'services'];

describe('the cluster of a stack', () => {
  let directory: string;
  let cluster: Cluster;
  let network: DetachedNetwork;
  let workspace: Workspace;
  let uid: string;

  const kubectl = async (...args: string[]) =>
    (await run(cluster.kubectl, ['--kubeconfig', cluster.kubeconfig, ...args])).stdout.trim();

  const configure = (more: Record<string, string> = {}) =>
    workspace.configure((sections: Sections) => {
      // The embedded cluster is remembered where the stack names it.
      sections.cluster = { uid, ...more };
      sections.services = { ...sections.services, pullSecretFrom: { namespace: 'default', name: 'pull' } };
    });

  /** What a preview and an update say that must not change anything. */
  async function refusal(command: string): Promise<string> {
    const { code, stdout, stderr } = await workspace.engine(command, ...(command === 'preview' ? [] : ['--yes']));
    expect(code).not.toBe(0);
    return `${stdout}\n${stderr}`;
  }

  const pullSecret = (password: string) =>
    kubectl(
      ...['create', 'secret', 'docker-registry', 'pull', '-n', 'default'],
      ...['--docker-username=u', `--docker-password=${password}`],
    );

  const copiedTo = (namespace: string) =>
    kubectl('-n', namespace, 'get', 'secret', 'pull', '-o', 'jsonpath={.data.\\.dockerconfigjson}');

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'aios-target-'));
    cluster = await startCluster({ directory });
    const { kubeconfig, context } = cluster;
    network = await startNetwork({ directory: path.join(directory, 'network'), deployment: { kubeconfig, context } });
    workspace = await Workspace.create({ AIOS_EMBEDDED_KUBECONFIG: kubeconfig, ...networkEnvironment(network) });
    uid = await kubectl('get', 'namespace', 'kube-system', '-o', 'jsonpath={.metadata.uid}');
    await configure();
  }, 900_000);

  afterAll(async () => {
    await workspace.remove();
    await network.close();
    await stopCluster({ directory, wipe: true });
    await rm(directory, { recursive: true, force: true });
  }, 60_000);

  test('without the pull Secret that is to be copied nothing is made', async () => {
    expect(await refusal('up')).toContain('there is no Secret pull in namespace default to copy');
  }, 300_000);

  test('comes up on an empty cluster, every namespace with a copy that follows the original', async () => {
    await pullSecret('first');
    const original = await copiedTo('default');
    await workspace.changes('up', '--yes');
    for (const namespace of NAMESPACES) expect(await copiedTo(namespace)).toBe(original);
    expect(await workspace.state()).not.toContain(original);
    await kubectl('delete', 'secret', 'pull', '-n', 'default');
    await pullSecret('second');
    expect(await workspace.changes('up', '--yes')).toMatchObject({ update: 4 });
    for (const namespace of NAMESPACES) expect(await copiedTo(namespace)).toBe(await copiedTo('default'));
  }, 900_000);

  test('another cluster is refused by previews, updates and refreshes', async () => {
    const file = path.join(workspace.directory, 'state/.pulumi/stacks/aios-network/dev.json');
    await configure({ uid: 'another' });
    for (const command of ['preview', 'up']) {
      expect(await refusal(command)).toMatch(/cluster\.uid is another, and .* has the uid/);
    }
    const state = await readFile(file, 'utf8');
    expect(state.includes(`"clusterUid":"${uid}"`)).toBe(true);
    await writeFile(file, state.replaceAll(uid, 'another'));
    expect(await refusal('refresh')).toMatch(/cluster\.uid is another, and .* has the uid/);
    await writeFile(file, state);
    await configure();
  }, 600_000);

  test('namespaces are let go of before they may be left to others, and are never deleted', async () => {
    await configure({ namespaces: 'existing' });
    expect(await refusal('preview')).toContain('Set cluster.namespaces: released and run up');
    await configure({ namespaces: 'released' });
    await workspace.changes('up', '--yes');
    await configure({ namespaces: 'existing' });
    await workspace.changes('up', '--yes');
    const found = await kubectl('get', 'namespaces', ...NAMESPACES, '-o', 'jsonpath={.items[*].status.phase}');
    expect(found).toBe('Active Active Active Active');
    expect(await kubectl('-n', 'services', 'get', 'deployment', 'parser', '-o', 'name')).toContain('parser');
    expect(Object.keys(await workspace.changes('preview', '--expect-no-changes'))).toEqual(['same']);
  }, 900_000);
});
