import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Cluster, startCluster, stopCluster } from '../../embedded/cluster';
import { examine } from '../../operations/doctor/doctor';
import type { Finding } from '../../operations/doctor/finding';
import type { Subject } from '../../operations/stack-objects/subject';
import { stackObjects } from '../../operations/stack-objects/objects';
import { readOfflineStack } from '../../operations/stack-objects/offline-stack';
import { until } from './harness/workspace';

const run = promisify(execFile);

// Commands that load the program take long on a busy machine, and nothing hangs.
jest.setTimeout(180_000);
const CHECKOUT = path.resolve(__dirname, '../..');

describe('a cluster that a stack has never been on', () => {
  let directory: string;
  let cluster: Cluster;
  let dev: Subject;

  const kubectl = async (...args: string[]) =>
    (await run(cluster.kubectl, ['--kubeconfig', cluster.kubeconfig, ...args])).stdout.trim();

  /** Applies an object, given as JSON. */
  async function apply(object: object): Promise<void> {
    const file = path.join(directory, 'object.json');
    await writeFile(file, JSON.stringify(object));
    await kubectl('apply', '-f', file);
  }

  async function operation(name: string, ...args: string[]) {
    const environment = {
      ...process.env,
      KUBECONFIG: cluster.kubeconfig,
      AIOS_EMBEDDED_KUBECONFIG: cluster.kubeconfig,
    };
    const command = ['--require', './operations/start.js', `operations/${name}/cli.ts`, ...args];
    return run(process.execPath, command, { cwd: CHECKOUT, env: environment }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (error: unknown) => error as { code: number; stdout: string; stderr: string },
    );
  }

  /** What one check says, but for what is fine. */
  async function said(check: string, subject = dev, kubeconfig = cluster.kubeconfig): Promise<string[]> {
    const findings = await examine(subject, { context: cluster.context, kubeconfig });
    const own = findings.filter((finding) => finding.check === check);
    expect(own).not.toHaveLength(0);
    return own.filter(({ state }) => state !== 'ok').map(({ state, result }) => `${state}: ${result}`);
  }

  const withConfig = (config: Partial<Subject['config']>): Subject => ({
    ...dev,
    config: { ...dev.config, ...config },
  });

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'aios-first-cluster-'));
    cluster = await startCluster({ directory });
    const { raw, config } = readOfflineStack(CHECKOUT, 'dev');
    dev = { config, ...(await stackObjects(raw)) };
  }, 900_000);

  afterAll(async () => {
    await stopCluster({ directory, wipe: true });
    await rm(directory, { recursive: true, force: true });
  }, 60_000);

  test('that has all it needs is found to be without problems, and is left as it is', async () => {
    const { code, stdout, stderr } = await operation('doctor', 'dev', '--json');
    const findings = JSON.parse(stdout) as Finding[];
    expect(findings.filter(({ state }) => state !== 'ok').map(({ check, state }) => [check, state])).toEqual([
      ['network', 'warning'],
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await kubectl('get', 'namespaces', '-o', 'name')).not.toContain('registries');
  });

  test('that cannot be reached ends with 2, that has a problem with 1', async () => {
    const text = (await readFile(cluster.kubeconfig, 'utf8')).replace(cluster.server, 'https://127.0.0.1:1');
    await writeFile(path.join(directory, 'nobody'), text);
    await expect(
      examine(dev, { context: cluster.context, kubeconfig: path.join(directory, 'nobody') }),
    ).rejects.toThrow(/^cannot reach the Kubernetes API server https:\/\/127\.0\.0\.1:1/);
    await kubectl('taint', 'node', 'worker-2', 'dedicated=x:NoSchedule');
    try {
      const { code, stdout } = await operation('doctor', 'dev');
      expect(code).toBe(1);
      expect(stdout).toContain('kubectl taint node worker-2 dedicated:NoSchedule-');
    } finally {
      await kubectl('taint', 'node', 'worker-2', 'dedicated-');
    }
  });

  test('nodes that take no pods, or are not there', async () => {
    await kubectl('cordon', 'worker-1');
    expect(await said('nodes')).toContain('problem: registry: node worker-1 is cordoned: no member starts there');
    await kubectl('uncordon', 'worker-1');
    expect(await said('nodes')).toEqual([]);
    const registry = { ...dev.config.registry, nodes: ['worker-1', 'worker-2', 'worker-9'] };
    expect(await said('nodes', withConfig({ registry }))).toContain(
      'problem: registry.nodes: worker-9 not in the cluster',
    );
    const unnamed = withConfig({ registry: { ...dev.config.registry, nodes: [] } });
    expect(await said('nodes', unnamed)).toEqual(['problem: registry: no node for its members (registry=yes)']);
    await kubectl('label', 'nodes', '--all', 'registry=yes');
    expect(await said('nodes', unnamed)).toEqual([]);
    await kubectl('label', 'nodes', '--all', 'registry-');
  });

  test('a StorageClass that is missing, or whose volumes cannot grow', async () => {
    const subject = withConfig({ registry: { ...dev.config.registry, storage: { storageClass: 'fast' } } });
    expect(await said('storage', subject)).toEqual([
      'problem: registry.storage.storageClass: fast is not there (there is none at all)',
    ]);
    const storageClass = {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'fast' },
      provisioner: 'x',
    };
    await apply(storageClass);
    expect(await said('storage', subject)).toEqual(['warning: registry: volumes of StorageClass fast cannot grow']);
    await apply({ ...storageClass, allowVolumeExpansion: true });
    expect(await said('storage', subject)).toEqual([]);
    const byDefault = withConfig({ registry: { ...dev.config.registry, storage: {} } });
    expect((await said('storage', byDefault))[0]).toContain('the cluster has no default StorageClass');
  });

  test('node ports that somebody else holds', async () => {
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'squatter', namespace: 'default' },
      spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30200 }] },
    };
    await apply(service);
    expect(await said('node ports')).toEqual([
      'problem: 30200 of metrics-system/metrics-redis is held by Service default/squatter',
    ]);
    await kubectl('delete', 'service', 'squatter');
    expect(await said('node ports')).toEqual([]);
  });

  test('more than the nodes have room for', async () => {
    const objects = JSON.parse(
      JSON.stringify(dev.objects).replaceAll('"cpu":"100m"', '"cpu":"500"'),
    ) as Subject['objects'];
    expect((await said('capacity', { ...dev, objects }))[0]).toMatch(/^problem: no node that takes pods has room/);
    expect(await said('capacity')).toEqual([]);
  });

  test('a namespace of somebody else', async () => {
    await kubectl('create', 'namespace', 'utils');
    expect(await said('names')).toEqual(['problem: Namespace utils there already, of somebody else']);
    await kubectl('label', 'namespace', 'utils', 'app.kubernetes.io/part-of=aios-network');
    expect(await said('names')).toEqual([]);
    await kubectl('-n', 'utils', 'create', 'configmap', 'parser');
    await kubectl('-n', 'utils', 'create', 'serviceaccount', 'search-server');
    expect(await said('names')).toEqual([
      'problem: ServiceAccount utils/search-server there already, of somebody else',
    ]);
    await kubectl('delete', 'namespace', 'utils');
    expect(await said('names')).toEqual([]);
  });

  test('pull Secrets that nobody has put there', async () => {
    const subject = withConfig({ imagePull: { secrets: ['aios-registry'] } });
    expect(await said('pull Secrets', subject)).toHaveLength(4);
    await kubectl('create', 'namespace', 'services');
    expect(await said('pull Secrets', subject)).toContain(
      'problem: services/aios-registry is not there: no image can be pulled',
    );
    const create = ['-n', 'services', 'create', 'secret'];
    await kubectl(...create, 'generic', 'aios-registry', '--from-literal=a=b');
    expect((await said('pull Secrets', subject)).join()).toContain('services/aios-registry is of type Opaque');
    await kubectl('-n', 'services', 'delete', 'secret', 'aios-registry');
    await kubectl(...create, 'docker-registry', 'aios-registry', '--docker-username=u', '--docker-password=p');
    expect((await said('pull Secrets', subject)).join()).not.toContain('services/aios-registry');
  });

  describe('admission that refuses', () => {
    const inServices = (kind: string, apiVersion: string, spec: object) => ({
      apiVersion,
      kind,
      metadata: { name: 'strict', namespace: 'services' },
      spec,
    });

    test.each<[string, object, RegExp]>([
      [
        'a quota',
        inServices('ResourceQuota', 'v1', { hard: { 'limits.cpu': '1' } }),
        /Pod services\/.* refused in services: .*quota.*must specify limits\.cpu/,
      ],
      [
        'a range of limits',
        inServices('LimitRange', 'v1', { limits: [{ type: 'Container', max: { memory: '8Mi' } }] }),
        /maximum memory usage per Container is 8Mi/,
      ],
      [
        'a webhook',
        {
          apiVersion: 'admissionregistration.k8s.io/v1',
          kind: 'ValidatingWebhookConfiguration',
          metadata: { name: 'strict' },
          webhooks: [
            {
              name: 'strict.example.org',
              clientConfig: { url: 'https://127.0.0.1:1' },
              rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }],
              admissionReviewVersions: ['v1'],
              sideEffects: 'None',
            },
          ],
        },
        /ConfigMap .*failed calling webhook "strict\.example\.org"/,
      ],
    ])('%s', async (_what, object, refusal) => {
      await apply(object);
      // Admission reads what judges from a cache.
      await until(async () => (await said('admission')).some((line) => refusal.test(line)), 'it is refused', 30);
      await kubectl('delete', '-f', path.join(directory, 'object.json'));
      await until(async () => (await said('admission')).length === 0, 'nothing is refused any more', 30);
    });

    test('Pod Security', async () => {
      await kubectl('label', 'namespace', 'services', 'pod-security.kubernetes.io/enforce=restricted');
      await until(
        async () =>
          (await said('admission')).some((line) => /^problem: .*services: .*PodSecurity "restricted/.test(line)),
        'pods are refused',
        30,
      );
      // What docs/first-cluster.md says of all images, and of directories of nodes.
      const baseline = 'pod-security.kubernetes.io/enforce=baseline';
      await kubectl('label', '--overwrite', 'namespace', 'services', 'default', baseline);
      await until(async () => (await said('admission')).length === 0, 'nothing is refused any more', 30);
      await kubectl('label', 'namespace', 'services', 'default', 'pod-security.kubernetes.io/enforce-');
    });
  });

  test('a user who may do little', async () => {
    const text = await readFile(cluster.kubeconfig, 'utf8');
    const restricted = path.join(directory, 'restricted');
    await writeFile(
      restricted,
      text.replace(/^( +)token: /m, (line, indent: string) => `${indent}as: intern\n${line}`),
    );
    const may = ['create', 'clusterrolebinding', 'intern', '--user=intern'];
    await kubectl(...may, '--clusterrole=view');
    await until(
      async () =>
        (await said('rights', dev, restricted)).includes(
          'problem: may not create, patch, delete deployments.apps in metrics-system, registries, services, utils',
        ),
      'what may not be done is told',
      30,
    );
    expect(await said('nodes', dev, restricted)).toEqual([
      expect.stringMatching(/^unknown: nodes is forbidden: User "intern"/),
    ]);
    expect(await said('admission', dev, restricted)).toEqual([]);
    await kubectl('delete', 'clusterrolebinding', 'intern');
    await kubectl(...may, '--clusterrole=cluster-admin');
    await until(async () => (await said('rights', dev, restricted)).length === 0, 'all may be done', 30);
  });

  test.each(['dev', 'staging', 'prod'])('what is rendered of stack %s would be taken', async (stack) => {
    const folder = path.join(directory, `rendered-${stack}`);
    expect(await operation('render', stack, '--dir', folder)).toMatchObject({ code: 0, stderr: '' });
    // In a namespace that is not there nothing can be tried.
    for (const namespace of ['registries', 'utils', 'metrics-system', 'services']) {
      await kubectl('apply', '-f', path.join(folder, `0-cluster/namespace-${namespace}.yaml`));
    }
    const taken = await kubectl('apply', '--dry-run=server', '--recursive', '-f', folder, '-o', 'name');
    const files = (await readFile(path.join(folder, '.rendered'), 'utf8')).trim().split('\n');
    expect(taken.split('\n')).toHaveLength(files.length);
  });
});
