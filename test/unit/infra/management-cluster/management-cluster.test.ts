import { ManagementCluster } from '../../../../infra/management-cluster';
import { networkConfig } from '../../../network-config';
import { ofType, type Registration, runProgram, SECRET_KEY } from '../../../pulumi-mocks';

// A whole stack is two hundred registrations: long for a busy machine, and nothing hangs.
jest.setTimeout(60_000);

const imageRegistry = 'registry.example.org:5000/aios';

async function register(sections: Record<string, unknown> = {}, secretKeys: string[] = []): Promise<Registration[]> {
  const config = networkConfig(sections, secretKeys);
  const run = await runProgram(() => {
    new ManagementCluster('test', config, {});
  });
  return run.resources;
}

const named = (resources: Registration[], type: string, name: string) =>
  ofType(resources, type).find((resource) => resource.name === name);

const deployment = 'kubernetes:apps/v1:Deployment';

test('pods with a connection string wait for their database, and nothing else does', async () => {
  const resources = await register();
  const waiting = resources.filter(
    ({ type, dependencies }) =>
      !type.startsWith('pulumi:') && dependencies.some((urn) => urn.includes('apps/v1:StatefulSet::')),
  );
  const databases = new Map(
    waiting.map(({ type, name, dependencies }) => [
      `${type} ${name}`,
      dependencies.filter((urn) => urn.includes(':StatefulSet::')).map((urn) => urn.split('::').pop()),
    ]),
  );
  expect(databases.get(`${deployment} blocks-db`)).toEqual(['registry']);
  expect(databases.get(`${deployment} global-vdag-metrics`)).toEqual(['metrics-db']);
  // What tells that all of them are there comes after them.
  expect([...databases.keys()].filter((key) => !key.startsWith(deployment))).toEqual([
    'kubernetes:core/v1:ConfigMap metrics-db-rotation',
    'kubernetes:core/v1:ConfigMap registry-rotation',
  ]);
  expect(databases.size).toBe(14 + 3 + 2);
});

/** What a database's users are, by client. */
function usersIn(resources: Registration[], database: string): Record<string, unknown> {
  const { stringData } = named(resources, 'kubernetes:core/v1:Secret', `${database}-credentials`)?.inputs ?? {};
  const { value = {} } = (stringData ?? {}) as { value?: Record<string, string> };
  const users = JSON.parse(value['users.json'] ?? '[]') as { name: string; roles: unknown; generation?: number }[];
  const current = users.filter(({ generation }) => generation === 0);
  return Object.fromEntries(current.map(({ name, roles }) => [name.replace(/-0$/, ''), roles]));
}

test('each service may use the databases that upstream has it open, and those that the stack adds', async () => {
  const overrides = { 'tasks-db': { databases: ['archive', 'tasks'] }, 'vdag-db': { enabled: false } };
  const resources = await register({ services: { imageRegistry, overrides } });
  const on = (...databases: string[]) => databases.map((db) => ({ role: 'readWrite', db }));
  const backup = [{ role: 'backup', db: 'admin' }];
  expect(usersIn(resources, 'metrics-db')).toEqual({
    backup,
    'global-block-metrics': on('block_metrics'),
    'global-cluster-metrics': on('cluster_metrics'),
    'global-vdag-metrics': on('vdag_metrics'),
  });
  expect(usersIn(resources, 'registry')).toMatchObject({
    backup,
    'blocks-db': on('blocks'),
    'components-registry': on('test'),
    'layers-registry': [{ role: 'readWriteAnyDatabase', db: 'admin' }],
    'tasks-db': on('tasks', 'archive'),
    // One that is switched on later finds its user there.
    'vdag-db': on('vdags'),
  });
  const anywhere = Object.entries(usersIn(resources, 'registry')).filter(([, roles]) =>
    JSON.stringify(roles).includes('Any'),
  );
  expect(anywhere.map(([client]) => client)).toEqual(['layers-registry']);
});

test('a rotation of one database restarts its clients and nobody else', async () => {
  const templates = (resources: Registration[]) =>
    new Map(ofType(resources, deployment).map(({ name, inputs }) => [name, JSON.stringify(inputs)]));
  const [before, after] = [templates(await register()), templates(await register({ metrics: { rotate: 1 } }))];
  const changed = [...before].filter(([name, inputs]) => after.get(name) !== inputs).map(([name]) => name);
  expect(changed.sort()).toEqual(['global-block-metrics', 'global-cluster-metrics', 'global-vdag-metrics']);
});

test('a rotation is completed by all clients that the stack has', async () => {
  const overrides = { 'vdag-db': { enabled: false } };
  const resources = await register({ registry: { rotate: 1 }, services: { imageRegistry, overrides } });
  const mark = named(resources, 'kubernetes:core/v1:ConfigMap', 'registry-rotation');
  const awaited = (mark?.dependencies ?? [])
    .filter((urn) => urn.includes(deployment))
    .map((urn) => urn.split('::').pop());
  expect(mark?.inputs.data).toEqual({ completed: '1' });
  expect(awaited).toHaveLength(13);
  expect(awaited).not.toContain('parser');
});

test('a service that is switched off is not there, and the others keep its address', async () => {
  const overrides = { 'search-server': { enabled: false } };
  const resources = await register({ services: { imageRegistry, overrides } });
  expect(resources.filter(({ name }) => name === 'search-server')).toEqual([]);
  expect(ofType(resources, deployment)).toHaveLength(23);
  expect(JSON.stringify(named(resources, deployment, 'parser')?.inputs)).toContain('http://search-server.utils.svc');
});

test('credentials become a pull Secret in every namespace, which all pods use', async () => {
  const registryCredentials = { username: 'reader', password: 'pass' };
  const resources = await register({ services: { imageRegistry, registryCredentials } }, ['services']);

  const pullSecrets = ofType(resources, 'kubernetes:core/v1:Secret').filter(({ name }) =>
    name.endsWith('-image-registry'),
  );
  expect(pullSecrets).toHaveLength(4);
  for (const { inputs } of pullSecrets) {
    expect(inputs.data).toHaveProperty(SECRET_KEY);
    const { value } = inputs.data as { value: Record<string, string> };
    const config: unknown = JSON.parse(Buffer.from(value['.dockerconfigjson'] ?? '', 'base64').toString());
    const auth = Buffer.from('reader:pass').toString('base64');
    expect(config).toEqual({ auths: { 'registry.example.org:5000': { ...registryCredentials, auth } } });
  }

  const pods = [...ofType(resources, deployment), ...ofType(resources, 'kubernetes:apps/v1:StatefulSet')];
  expect(pods).toHaveLength(24 + 2);
  for (const { inputs } of pods) {
    expect(inputs).toHaveProperty('spec.template.spec.imagePullSecrets', [{ name: 'image-registry' }]);
  }
});

test('the namespace of a protected database is protected, and its services are free to go', async () => {
  const resources = await register({ metrics: { protect: true } });
  const kept = resources.filter(({ protect, retainOnDelete }) => protect && retainOnDelete);
  const namespaces = ofType(kept, 'kubernetes:core/v1:Namespace');
  expect(namespaces.map(({ name }) => name)).toEqual(['metrics-system']);
  expect(kept.filter(({ parent }) => parent.includes('NetworkService'))).toEqual([]);
});

test.each([
  [{}, 'baseline'],
  [{ podSecurity: 'privileged' }, 'privileged'],
])('namespaces of cluster %j enforce %s, and warn of what restricted would refuse', async (cluster, level) => {
  const namespaces = ofType(
    await register({ cluster: { context: 'test', ...cluster } }),
    'kubernetes:core/v1:Namespace',
  );
  expect(namespaces).toHaveLength(4);
  for (const { inputs } of namespaces) {
    expect(inputs).toHaveProperty(
      'metadata.labels',
      expect.objectContaining({
        'pod-security.kubernetes.io/enforce': level,
        'pod-security.kubernetes.io/warn': 'restricted',
        'pod-security.kubernetes.io/audit': 'restricted',
      }),
    );
  }
});

const namespaceType = 'kubernetes:core/v1:Namespace';

test('namespaces that are let go of stay when they leave the stack, the protected too; existing ones are not in it', async () => {
  const protectedMetrics = { metrics: { protect: true } };
  const released = await register({ cluster: { context: 'test', namespaces: 'released' }, ...protectedMetrics });
  const options = ofType(released, namespaceType).map(({ protect, retainOnDelete }) => [protect, retainOnDelete]);
  expect(options).toEqual(Array.from({ length: 4 }, () => [false, true]));
  const existing = await register({ cluster: { context: 'test', namespaces: 'existing' } });
  expect(ofType(existing, namespaceType)).toEqual([]);
  expect(existing).toHaveLength(released.length - 4);
});

test('a pull Secret is copied into every namespace but its own, and pods use it everywhere', async () => {
  const pullSecretFrom = { namespace: 'utils', name: 'pull' };
  const cluster = { context: 'test', namespaces: 'existing' };
  const resources = await register({ cluster, services: { imageRegistry, pullSecretFrom } });
  const copies = ofType(resources, 'aios:cluster:PullSecretCopy').map(({ inputs }) => inputs);
  expect(copies.map(({ to }) => to)).toEqual(['registries', 'metrics-system', 'services']);
  expect(copies[0]).toMatchObject({
    name: 'pull',
    from: 'utils',
    labels: { 'app.kubernetes.io/part-of': 'aios-network' },
  });
  for (const { inputs } of ofType(resources, deployment)) {
    expect(inputs).toHaveProperty('spec.template.spec.imagePullSecrets', [{ name: 'pull' }]);
  }
});

test('images of the public hub, the databases too, come from the mirror', async () => {
  const resources = await register({ services: { imageRegistry, publicImageRegistry: 'mirror.example.org' } });
  const images = resources.flatMap(({ inputs }) => JSON.stringify(inputs).match(/"image":"[^"]+"/g) ?? []);
  expect(images.filter((image) => !/"(registry|mirror)\.example\.org/.test(image))).toEqual([]);
  expect(images).toContain('"image":"mirror.example.org/mongo:6.0"');
});

describe('a node port that the cluster chooses', () => {
  const service = 'kubernetes:core/v1:Service';
  const policies = { bindings: { remove_cluster: 'read-only' } };
  const waitsFor = (resources: Registration[]) =>
    (named(resources, service, 'failure-notifier')?.dependencies ?? []).map((urn) => urn.split('::').pop());

  test('is chosen once every fixed one is taken', async () => {
    const resources = await register({ policies });
    const fixed = ofType(resources, service).filter(({ inputs }) => JSON.stringify(inputs).includes('"nodePort"'));
    expect(fixed.length).toBeGreaterThan(20);
    expect(waitsFor(resources)).toEqual(expect.arrayContaining(fixed.map(({ name }) => name)));
  });

  test('is waited for by nobody, and a fixed one waits for none', async () => {
    const overrides = { 'failure-notifier': { nodePorts: { '5000': 31000 } } };
    expect(waitsFor(await register({ services: { imageRegistry, overrides } }))).toEqual([]);
  });
});
