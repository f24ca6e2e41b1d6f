import type { types } from '@pulumi/kubernetes';
import type { DatabaseConfig } from '../../../../infra/config';
import { MongoReplicaSet } from '../../../../infra/database/mongo-replica-set';
import { networkConfig } from '../../../network-config';
import { ofType, type ProgramRun, type Registration, runProgram } from '../../../pulumi-mocks';

type DeploymentSpec = types.output.apps.v1.DeploymentSpec;

function config(authentication: string, section: Record<string, unknown> = {}): DatabaseConfig {
  const database = (localPath: string) => ({
    storage: { localPath },
    nodes: ['worker-2', { name: 'worker-1', hostname: 'one' }, 'worker-3'],
    authentication,
  });
  return networkConfig({
    cluster: { context: 'test', adopt: true },
    registry: { ...database('/mnt/data/registry'), ...section },
    metrics: database('/mnt/data/metrics-db'),
  }).registry;
}

async function register(authentication: string, section?: Record<string, unknown>) {
  let set: MongoReplicaSet | undefined;
  const run: ProgramRun = await runProgram(() => {
    set = new MongoReplicaSet('registry', {
      namespace: 'registries',
      config: config(authentication, section),
      nodeLabels: { registry: 'yes' },
      clients: { 'blocks-db': { databases: ['blocks'], path: 'blocks' } },
      clientLabels: { client: 'true' },
      imagePullSecrets: [],
    });
  });
  return { resources: run.resources, key: set?.connectionKey('blocks-db') ?? '' };
}

const specOf = (resources: readonly Registration[], type: string, name: string) =>
  ofType(resources, type).find((one) => one.name === name)?.inputs.spec as Record<string, unknown>;
const deployment = (resources: readonly Registration[], name: string) =>
  specOf(resources, 'kubernetes:apps/v1:Deployment', name) as unknown as DeploymentSpec;
const secretOf = (resources: readonly Registration[]) => {
  const secret = ofType(resources, 'kubernetes:core/v1:Secret').find(({ name }) => name === 'registry-connection');
  return Object.keys((secret?.inputs.stringData as { value: object }).value);
};

// k8s/installer/db/install.sh of upstream, @6b2b17a.
test('without passwords the pods are those of upstream, to the letter', async () => {
  const { resources, key } = await register('none');
  expect(deployment(resources, 'registry-1')).toMatchObject({
    replicas: 1,
    strategy: { type: 'Recreate' },
    selector: { matchLabels: { app: 'registry-1' } },
  });
  expect(deployment(resources, 'registry-1').template).toEqual({
    metadata: { labels: { app: 'registry-1' } },
    spec: {
      containers: [
        {
          name: 'mongo',
          image: 'mongo:6.0',
          command: ['mongod', '--replSet', 'rs0', '--bind_ip_all'],
          ports: [{ containerPort: 27017 }],
          volumeMounts: [{ name: 'data', mountPath: '/data/db' }],
        },
      ],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'registry-pvc-1' } }],
    },
  });
  expect(key).toBe('open-blocks-db');
  expect(ofType(resources, 'kubernetes:apps/v1:StatefulSet')).toEqual([]);
});

test('volumes, claims and Services have what upstream gave them and Kubernetes never changes', async () => {
  const { resources } = await register('enforced');
  expect(specOf(resources, 'kubernetes:core/v1:PersistentVolume', 'registry-pv-0')).toEqual({
    capacity: { storage: '10Gi' },
    accessModes: ['ReadWriteOnce'],
    persistentVolumeReclaimPolicy: 'Retain',
    storageClassName: '',
    hostPath: { path: '/mnt/data/registry-0' },
    nodeAffinity: {
      required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'registry', operator: 'In', values: ['yes'] }] }] },
    },
  });
  expect(specOf(resources, 'kubernetes:core/v1:PersistentVolumeClaim', 'registry-pvc-0')).toEqual({
    accessModes: ['ReadWriteOnce'],
    storageClassName: '',
    volumeName: 'registry-pv-0',
    resources: { requests: { storage: '10Gi' } },
  });
  const service = specOf(resources, 'kubernetes:core/v1:Service', 'registry-0');
  expect(service).toMatchObject({ selector: { app: 'registry-0' } });
  expect(service).not.toHaveProperty('clusterIP');
});

test.each([
  ['transition', true, ['uri', 'uri-blocks', 'blocks-db', 'open-blocks-db']],
  ['enforced', false, ['uri', 'uri-blocks', 'blocks-db']],
])('%s: members ask for passwords, each on the node of its data', async (step, lets, keys) => {
  const { resources, key } = await register(step);
  const { metadata, spec } = deployment(resources, 'registry-1').template;
  const [mongod, members] = spec.containers;
  expect(mongod?.args).toContain('--keyFile');
  expect(mongod?.args.includes('--transitionToAuth')).toBe(lets);
  expect(members?.env).toEqual(
    expect.arrayContaining([
      { name: 'MEMBER', value: 'registry-1' },
      { name: 'MEMBERS', value: '3' },
    ]),
  );
  expect(spec.nodeSelector).toEqual({ registry: 'yes', 'kubernetes.io/hostname': 'one' });
  expect(metadata.labels).toMatchObject({ app: 'registry-1', 'app.kubernetes.io/name': 'registry' });
  const budget = specOf(resources, 'kubernetes:policy/v1:PodDisruptionBudget', 'registry');
  expect(budget.selector).toEqual({ matchLabels: { 'app.kubernetes.io/name': 'registry' } });
  expect(key).toBe('blocks-db');
  expect(secretOf(resources).sort()).toEqual(keys.sort());
});

test('the members script may look at its own Deployments, and at nothing else', async () => {
  const { resources } = await register('enforced');
  const [rule] = ofType(resources, 'kubernetes:rbac.authorization.k8s.io/v1:Role')[0]?.inputs.rules as object[];
  expect(rule).toEqual({
    apiGroups: ['apps'],
    resources: ['deployments'],
    resourceNames: ['registry-0', 'registry-1', 'registry-2'],
    verbs: ['get'],
  });
});

test('two members on one node, where upstream has put them there', async () => {
  const { resources } = await register('none', { nodes: ['a', 'b', 'a'], unsafe: { sharedHosts: true } });
  expect(ofType(resources, 'kubernetes:core/v1:NodePatch').map(({ name }) => name)).toEqual([
    'registry-a',
    'registry-b',
  ]);
});

test('each member waits for the one before: an update restarts one at a time', async () => {
  const { resources } = await register('transition');
  const deployments = ofType(resources, 'kubernetes:apps/v1:Deployment');
  const urns = deployments.map(({ urn }) => urn);
  const waited = deployments.map(({ dependencies }) => urns.filter((urn) => dependencies.includes(urn)));
  expect(waited).toEqual([[], urns.slice(0, 1), urns.slice(0, 2)]);
});
