import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { type Cluster, startCluster, stopCluster } from '../../embedded/cluster';
import { type JsonMap, textAt } from '../../kubernetes-api';
import { podOf } from '../../operations/doctor/checks/admission';
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
  /** Answers for the network's services that nothing is there: it answers. */
  const answerer = createServer((_, response) => void response.writeHead(404).end());
  let network: Record<'gateway' | 'policiesSystem' | 'clustersRegistry' | 'policyCode', string>;

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
      AIOS_EMBEDDED_NETWORK: JSON.stringify(network),
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
    await new Promise<void>((resolve) => answerer.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(answerer.address() as AddressInfo).port}`;
    network = { gateway: url, policiesSystem: url, clustersRegistry: url, policyCode: url };
    const { raw, config } = readOfflineStack(CHECKOUT, 'dev');
    dev = { config, ...(await stackObjects(raw)) };
  }, 900_000);

  afterAll(async () => {
    answerer.close();
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

  test('an API server that hands out other ports', async () => {
    const command = ['kube-apiserver', '--service-node-port-range=30000-30150'];
    await apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'kube-apiserver', namespace: 'kube-system', labels: { component: 'kube-apiserver' } },
      spec: { containers: [{ name: 'kube-apiserver', image: 'kube-apiserver:v1', command }] },
    });
    const [told] = await said('node ports');
    expect(told).toMatch(/^problem: 30\d+, .* outside of the API server's range 30000-30150$/);
    await kubectl('-n', 'kube-system', 'delete', 'pod', 'kube-apiserver');
    expect(await said('node ports')).toEqual([]);
  });

  test('a DNS domain that is not the stack’s', async () => {
    const corefile = '.:53 {\n  kubernetes example.org in-addr.arpa {\n  }\n}\n';
    await kubectl('-n', 'kube-system', 'create', 'configmap', 'coredns', `--from-literal=Corefile=${corefile}`);
    expect(await said('DNS domain')).toEqual([
      "problem: the cluster's domain is example.org, and the stack's addresses end in cluster.local",
    ]);
    const registry = { ...dev.config.registry, domain: 'example.org' };
    expect(await said('DNS domain', withConfig({ registry }))).toEqual([]);
    await kubectl('-n', 'kube-system', 'delete', 'configmap', 'coredns');
    expect(await said('DNS domain')).toEqual([]);
  });

  test('disks that are smaller than what is wanted of them', async () => {
    expect(await said('storage')).toEqual([]);
    const found = await said('storage', withConfig({ registry: { ...dev.config.registry, size: '3Ti' } }));
    expect(found).toHaveLength(3);
    expect(found[0]).toMatch(
      /^warning: worker-\d: 3\d+ GiB wanted in .* \(registry\).*, and its file system has 2048 GiB$/,
    );
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

  test('services of governance that nobody answers for', async () => {
    const endpoint = (namespace: string, name: string) => ({ service: { namespace, name, port: 8000 } });
    const gateway = endpoint('services', 'cluster-controller-gateway');
    const own = { gateway, policiesSystem: endpoint('elsewhere', 'policies'), clustersRegistry: gateway };
    const subject = withConfig({ policies: { ...dev.config.policies, endpoints: own } });
    expect(await said('network services', subject)).toEqual([
      'problem: the policies system, elsewhere/policies:8000, is not there',
    ]);
    await kubectl('-n', 'services', 'create', 'service', 'clusterip', 'cluster-controller-gateway', '--tcp=8000');
    expect(await said('network services', subject)).toContain(
      'warning: nobody answers at the gateway, services/cluster-controller-gateway:8000,',
    );
    await kubectl('-n', 'services', 'delete', 'service', 'cluster-controller-gateway');
    const away = { url: 'http://127.0.0.1:1' };
    const there = { url: cluster.server, ca: 'none' };
    const urls = { gateway: away, policiesSystem: away, clustersRegistry: there };
    const answers = await said(
      'network services',
      withConfig({ policies: { ...dev.config.policies, endpoints: urls } }),
    );
    expect(answers[0]).toMatch(
      /^problem: the gateway does not answer at http:\/\/127\.0\.0\.1:1: .*nobody listens there/,
    );
    expect(answers).toHaveLength(3);
  });

  test('a quota that leaves room for each and not for all', async () => {
    const spec = { hard: { pods: '1', 'requests.storage': '1Ti' } };
    await apply({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'small', namespace: 'services' }, spec });
    expect(await said('quotas')).toEqual(['problem: ResourceQuota services/small: the stack wants pods 2 of 1']);
    await kubectl('-n', 'services', 'delete', 'resourcequota', 'small');
    expect(await said('quotas')).toEqual([]);
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
      // `default` stands for namespaces that are still to be made.
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
    const gateway = { service: { namespace: 'default', name: 'kubernetes', port: 443 } };
    const endpoints = { gateway, policiesSystem: gateway, clustersRegistry: gateway };
    const proxied = withConfig({ policies: { ...dev.config.policies, endpoints } });
    expect((await said('network services', proxied, restricted))[0]).toBe(
      'problem: may not get services/proxy in default, by which the gateway is asked',
    );
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

  describe('Pod Security', () => {
    const DATABASES = ['metrics-db', 'registry'];

    /** Pods of all workloads and schedules of a stack that was rendered. */
    async function podsOf(stack: string, namespace: string): Promise<object[]> {
      const folder = path.join(directory, `rendered-${stack}`);
      const files = (await readFile(path.join(folder, '.rendered'), 'utf8')).trim().split('\n');
      const workloads = files.filter((file) => /\/(deployment|statefulset|cronjob)-/.test(file));
      return Promise.all(
        workloads.map(async (file) => {
          const content = parse(await readFile(path.join(folder, file), 'utf8'), { version: '1.1' }) as JsonMap;
          const [kind, name] = [textAt(content, 'kind'), textAt(content, 'metadata', 'name')];
          return podOf({ apiVersion: '', kind, name, namespace, content }).content;
        }),
      );
    }

    /** Names of the workloads whose pods a namespace admits that enforces a level. */
    async function admitted(stack: string, level: string): Promise<string[]> {
      await apply({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: level, labels: { 'pod-security.kubernetes.io/enforce': level } },
      });
      const list = { apiVersion: 'v1', kind: 'List', items: await podsOf(stack, level) };
      await writeFile(path.join(directory, 'pods.json'), JSON.stringify(list));
      const command = ['create', '--dry-run=server', '-o', 'name', '-f', path.join(directory, 'pods.json')];
      const { stdout } = await run(cluster.kubectl, ['--kubeconfig', cluster.kubeconfig, ...command]).catch(
        (error: unknown) => error as { stdout: string },
      );
      return [...stdout.matchAll(/^pod\/(.*)-pod$/gm)].map(([, name = '']) => name).sort();
    }

    test.each([
      // Its databases have directories, and its archives go to a server of the simulated network.
      ['dev', ['metrics-redis']],
      ['staging', [...DATABASES, 'metrics-redis', 'policy-code']],
      ['prod', [...DATABASES, ...DATABASES.map((name) => `${name}-backup`), 'metrics-redis', 'policy-code']],
    ])('baseline admits every pod of stack %s, restricted those of known users: %j', async (stack, strict) => {
      expect(await admitted(stack, 'baseline')).toHaveLength((await podsOf(stack, '')).length);
      expect(await admitted(stack, 'restricted')).toEqual(strict.toSorted());
    });

    test('namespaces as rendered enforce it', async () => {
      const spec = { hostNetwork: true, containers: [{ name: 'x', image: 'x' }] };
      const create = apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x', namespace: 'registries' }, spec });
      await expect(create).rejects.toThrow(/violates PodSecurity "baseline/);
    });
  });
});
