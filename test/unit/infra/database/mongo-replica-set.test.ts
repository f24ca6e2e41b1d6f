import { ConfigMap } from '@pulumi/kubernetes/core/v1';
import type { types } from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { DatabaseConfig } from '../../../../infra/config';
import { cacheSizeGB } from '../../../../infra/config/resolve/databases';
import { MongoReplicaSet, type MongoReplicaSetArgs } from '../../../../infra/database/mongo-replica-set';
import { type DatabaseClients, passwordOf } from '../../../../infra/database/users';
import { networkConfig } from '../../../network-config';
import {
  maskSecrets,
  MOCK_SECRET,
  ofType,
  type ProgramRun,
  type Registration,
  runProgram,
  SECRET_KEY,
} from '../../../pulumi-mocks';

type PodTemplate = types.output.core.v1.PodTemplateSpec;

const CLIENTS: DatabaseClients = {
  'blocks-db': { databases: ['blocks'], path: 'blocks' },
  'layers-registry': { databases: 'any' },
  'policies-system': { databases: ['policies'], path: 'policies', publicPath: 'policies' },
};

const OWN_NAMESPACES = {
  matchExpressions: [
    {
      key: 'kubernetes.io/metadata.name',
      operator: 'In',
      values: ['registries', 'utils', 'metrics-system', 'services'],
    },
  ],
};

const NODES = ['worker-1', 'worker-2', 'worker-3'];

function databaseConfig(section: Record<string, unknown> = {}): DatabaseConfig {
  return networkConfig({ registry: section }).registry;
}

async function register(section: Record<string, unknown> = {}): Promise<Registration[]> {
  return (await run(section)).resources;
}

function run(section: Record<string, unknown>): Promise<ProgramRun> {
  return runProgram(() => {
    new MongoReplicaSet('registry', setArgs(section));
  });
}

function setArgs(section: Record<string, unknown> = {}): MongoReplicaSetArgs {
  return {
    namespace: 'registries',
    config: databaseConfig(section),
    nodeLabels: { registry: 'yes' },
    clients: CLIENTS,
    clientLabels: { client: 'true' },
    imagePullSecrets: ['pull'],
  };
}

function ofKind(resources: Registration[], kind: string): Registration[] {
  return resources.filter(({ inputs }) => inputs.kind === kind);
}

function inputs(resources: Registration[], kind: string, name: string): Registration['inputs'] {
  const found = ofKind(resources, kind).find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found.inputs;
}

function statefulSetSpec(resources: Registration[]): types.output.apps.v1.StatefulSetSpec {
  return inputs(resources, 'StatefulSet', 'registry').spec as types.output.apps.v1.StatefulSetSpec;
}

function podTemplate(resources: Registration[]): PodTemplate {
  return statefulSetSpec(resources).template;
}

function container(template: PodTemplate, name: string): types.output.core.v1.Container {
  const { containers, initContainers } = template.spec;
  const found = [...containers, ...initContainers].find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no container ${name}`);
  return found;
}

test('every member has the address that upstream gives it, and it resolves before the member is ready', async () => {
  const resources = await register({ replicas: 5 });
  for (let ordinal = 0; ordinal < 5; ordinal += 1) {
    const name = `registry-${ordinal}`;
    const { metadata, spec } = inputs(resources, 'Service', name);
    expect(metadata).toMatchObject({ name, namespace: 'registries' });
    expect(spec).toMatchObject({
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: { 'statefulset.kubernetes.io/pod-name': name },
      ports: [{ port: 27017 }],
    });
  }
  const { serviceName } = statefulSetSpec(resources);
  expect(serviceName).toBe('registry-members');
  expect(ofKind(resources, 'Service').map(({ name }) => name)).toContain(serviceName);
});

test('where hosts may be shared, none has two members while another has none', async () => {
  const { spec } = podTemplate(await register({ unsafe: { sharedHosts: true } }));
  expect(spec).not.toHaveProperty('affinity');
  expect(spec.topologySpreadConstraints).toContainEqual(
    expect.objectContaining({ maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'DoNotSchedule' }),
  );
});

test('members tolerate the taints that the stack names, and have its priority', async () => {
  const taint = { key: 'dedicated', operator: 'Equal', value: 'databases', effect: 'NoSchedule' };
  const { spec } = podTemplate(await register({ tolerations: [taint], priorityClass: 'databases' }));
  expect(spec).toMatchObject({ tolerations: [taint], priorityClassName: 'databases' });
  expect(() => databaseConfig({ tolerations: [{ operator: 'Equal' }] })).toThrow(/must have a key with operator Equal/);
});

test('a change of the number of members leaves the pods as they are', async () => {
  const [three, five] = [await register({ replicas: 3 }), await register({ replicas: 5 })];
  expect(podTemplate(five)).toEqual(podTemplate(three));
  expect(inputs(five, 'ConfigMap', 'registry-members')).toEqual(inputs(three, 'ConfigMap', 'registry-members'));
});

test('members run on labelled nodes, each on a host of its own, in as many zones as there are', async () => {
  const resources = await register({ nodes: NODES });
  expect(podTemplate(resources).spec).toMatchObject({
    nodeSelector: { registry: 'yes' },
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { labelSelector: { matchLabels: { app: 'registry' } }, topologyKey: 'kubernetes.io/hostname' },
        ],
      },
    },
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' },
    ],
  });
  const patches = ofKind(resources, 'Node');
  expect(patches.map(({ inputs: { metadata } }) => metadata)).toEqual(
    NODES.map((name) => ({
      name,
      labels: { registry: 'yes' },
      annotations: { 'pulumi.com/patchForce': 'true' },
    })),
  );
  const [statefulSet] = ofKind(resources, 'StatefulSet');
  expect(statefulSet?.dependencies).toEqual(expect.arrayContaining(patches.map(({ urn }) => urn)));
});

describe('storage', () => {
  test('claims have the names that the StatefulSet looks for, and the size that is configured', async () => {
    const resources = await register({ size: '20Gi', storage: { storageClass: 'fast' } });
    const claims = ofKind(resources, 'PersistentVolumeClaim');
    expect(claims.map(({ inputs: { metadata } }) => (metadata as { name: string }).name)).toEqual([
      'data-registry-0',
      'data-registry-1',
      'data-registry-2',
    ]);
    for (const { inputs: claim } of claims) {
      expect(claim.spec).toEqual({
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'fast',
        resources: { requests: { storage: '20Gi' } },
      });
    }
    expect(ofKind(resources, 'PersistentVolume')).toEqual([]);
    expect(podTemplate(resources).spec.initContainers.map(({ name }) => name)).toEqual(['resync', 'keyfile']);
  });

  test('a directory belongs to one node and to one claim, and outlives both', async () => {
    const resources = await register({ storage: { localPath: '/mnt/data/registry' }, nodes: NODES });
    const volume = inputs(resources, 'PersistentVolume', 'registry-data-1');
    expect(volume.spec).toMatchObject({
      hostPath: { path: '/mnt/data/registry-1', type: 'DirectoryOrCreate' },
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: '',
      claimRef: { namespace: 'registries', name: 'data-registry-1' },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', values: ['worker-2'] }] }],
        },
      },
    });
    const claim = inputs(resources, 'PersistentVolumeClaim', 'data-registry-1');
    expect(claim.spec).toMatchObject({ volumeName: 'registry-data-1', storageClassName: '' });
    const [owner] = podTemplate(resources).spec.initContainers;
    expect(owner).toMatchObject({ name: 'directory-owner', securityContext: { runAsUser: 0 } });
  });

  test('binds a directory to the hostname of its node, and labels the node by its name', async () => {
    const nodes = [{ name: 'ip-10-0-0-1.internal', hostname: 'ip-10-0-0-1' }, 'worker-2', 'worker-3'];
    const resources = await register({ storage: { localPath: '/mnt/data/registry' }, nodes });
    const volume = JSON.stringify(inputs(resources, 'PersistentVolume', 'registry-data-0'));
    expect(volume).toContain('"key":"kubernetes.io/hostname","operator":"In","values":["ip-10-0-0-1"]');
    const patches = ofType(resources, 'kubernetes:core/v1:NodePatch').map((patch) => JSON.stringify(patch.inputs));
    expect(patches[0]).toContain('"name":"ip-10-0-0-1.internal"');
  });

  test('takes on a claim that the controller of the StatefulSet made anew, which names no volume', async () => {
    const { requests } = await run({ storage: { localPath: '/mnt/data/registry' }, nodes: NODES });
    const claims = requests.filter((request) => request.getType().endsWith(':PersistentVolumeClaim'));
    expect(claims).toHaveLength(3);
    for (const claim of claims) expect(claim.getIgnorechangesList()).toContain('spec.volumeName');
  });

  test('keeps what it has while it is stopped, and runs no member', async () => {
    const stopped = await register({ stopped: true });
    expect(inputs(stopped, 'StatefulSet', 'registry').spec).toHaveProperty('replicas', 0);
    const others = (resources: Registration[]) => resources.filter(({ type }) => !type.endsWith(':StatefulSet'));
    expect(others(stopped)).toEqual(others(await register()));
  });

  test('protects and keeps what holds data, and nothing else', async () => {
    const resources = await register({ protect: true, storage: { localPath: '/mnt/data/registry' }, nodes: NODES });
    const kinds = (found: Registration[]) => found.map(({ type }) => type.split(':').at(-1)).sort();
    const kept = resources.filter(({ protect, retainOnDelete }) => protect && retainOnDelete);
    expect(kinds(kept)).toEqual([...Array<string>(6).fill('RandomPassword'), 'StatefulSet']);
    // They leave with their member, which protection would refuse.
    const left = resources.filter(({ protect, retainOnDelete }) => !protect && retainOnDelete);
    expect(kinds(left)).toEqual([
      ...Array<string>(3).fill('PersistentVolume'),
      ...Array<string>(3).fill('PersistentVolumeClaim'),
    ]);
    expect((await register()).filter(({ protect, retainOnDelete }) => protect || retainOnDelete)).toEqual([]);
  });
});

describe('access', () => {
  const HOSTS = [0, 1, 2].map((n) => `registry-${n}.registries.svc.cluster.local:27017`);

  /** The texts of a Secret, all of which are secret. */
  async function textsOf(name: string, section: Record<string, unknown> = {}): Promise<Record<string, string>> {
    const { stringData } = inputs(await register(section), 'Secret', name);
    expect(stringData).toHaveProperty(SECRET_KEY);
    return (stringData as { value: Record<string, string> }).value;
  }

  test('each client has a connection string of its own, with every member and its database', async () => {
    const string = (user: string, path: string) =>
      `mongodb://${user}:${passwordOf(user, MOCK_SECRET)}@${HOSTS.join(',')}/${path}?replicaSet=rs0&authSource=admin`;
    expect(await textsOf('registry-connection', { rotate: 3 })).toEqual({
      'blocks-db': string('blocks-db-3', 'blocks'),
      'layers-registry': string('layers-registry-3', ''),
      'policies-system': string('policies-system-3', 'policies'),
      'policies-system-public': `mongodb://${HOSTS.join(',')}/policies?replicaSet=rs0`,
    });
  });

  test('what is handed on without credentials is what the stack says, where it says it', async () => {
    const publicUrl = pulumi.secret('mongodb://given');
    const { resources } = await runProgram(() => {
      const clients: DatabaseClients = { policies: { databases: ['policies'], publicPath: 'policies', publicUrl } };
      new MongoReplicaSet('registry', { ...setArgs(), clients });
    });
    const { stringData } = inputs(resources, 'Secret', 'registry-connection');
    expect(stringData).toMatchObject({ value: { 'policies-public': 'mongodb://given' } });
  });

  test('before the first rotation, the strings that all services shared are what they were', async () => {
    const before = `mongodb://aios:${MOCK_SECRET}@${HOSTS.join(',')}/`;
    expect(await textsOf('registry-connection')).toMatchObject({
      uri: `${before}?replicaSet=rs0&authSource=admin`,
      'uri-blocks': `${before}blocks?replicaSet=rs0&authSource=admin`,
      'uri-policies': `${before}policies?replicaSet=rs0&authSource=admin`,
    });
  });

  test('each user may do what its client is for, in this rotation and the next', async () => {
    const texts = await textsOf('registry-credentials', { rotate: 3 });
    const users = JSON.parse(texts['users.json'] ?? '') as unknown[];
    const admin = (role: string) => [{ role, db: 'admin' }];
    const of = (generation: number) => [
      { name: `blocks-db-${generation}`, roles: [{ role: 'readWrite', db: 'blocks' }], generation },
      { name: `layers-registry-${generation}`, roles: admin('readWriteAnyDatabase'), generation },
      { name: `policies-system-${generation}`, roles: [{ role: 'readWrite', db: 'policies' }], generation },
      { name: `backup-${generation}`, roles: admin('backup'), generation },
    ];
    expect(users).toEqual([{ name: 'root', roles: admin('root') }, ...of(3), ...of(4)]);
    const names = (users as { name: string }[]).map(({ name }) => name);
    expect(Object.keys(texts).sort()).toEqual([...names, 'users.json'].sort());
    expect(new Set(names.map((name) => texts[name])).size).toBe(names.length);
  });

  test('the user that all shared is there until the first rotation', async () => {
    const texts = await textsOf('registry-credentials');
    expect(JSON.parse(texts['users.json'] ?? '')).toContainEqual({
      name: 'aios',
      roles: [{ role: 'readWriteAnyDatabase', db: 'admin' }],
    });
    expect(texts).toMatchObject({ root: MOCK_SECRET, aios: MOCK_SECRET });
  });

  test('members take the key of now and the next', async () => {
    expect(await textsOf('registry-keyfile')).toEqual({ keyfile: `- ${MOCK_SECRET}\n- ${MOCK_SECRET}\n` });
  });

  test('a rotation generates what the one after it takes, and of those before it keeps one, which it does not protect', async () => {
    const passwords = async (rotate: number) =>
      ofType(await register({ rotate, protect: true }), 'random:index/randomPassword:RandomPassword')
        .map(({ name, protect }) => (protect ? `${name} (protected)` : name))
        .sort();
    expect(await passwords(0)).toEqual([
      'registry-aios-password (protected)',
      'registry-keyfile (protected)',
      'registry-keyfile-1 (protected)',
      'registry-root-password (protected)',
      'registry-users-password (protected)',
      'registry-users-password-1 (protected)',
    ]);
    expect(await passwords(1)).toEqual([
      'registry-aios-password',
      'registry-keyfile',
      'registry-keyfile-1 (protected)',
      'registry-keyfile-2 (protected)',
      'registry-root-password',
      'registry-users-password',
      'registry-users-password-1 (protected)',
      'registry-users-password-2 (protected)',
    ]);
    expect(await passwords(2)).toEqual([
      'registry-keyfile-1',
      'registry-keyfile-2 (protected)',
      'registry-keyfile-3 (protected)',
      'registry-users-password-1',
      'registry-users-password-2 (protected)',
      'registry-users-password-3 (protected)',
    ]);
  });

  test('a rotation restarts the members and changes nothing else of them', async () => {
    const [before, after] = [podTemplate(await register()), podTemplate(await register({ rotate: 1 }))];
    expect(after.metadata.annotations).toEqual({
      ...before.metadata.annotations,
      'aios-network/keyfile-rotation': '1',
    });
    expect(after.spec).toEqual(before.spec);
  });

  test('the rotation is completed when all clients are ready', async () => {
    const { resources } = await runProgram(() => {
      const client = new pulumi.ComponentResource('test:index:Client', 'client');
      const pods = new ConfigMap('pods', {}, { parent: client });
      const set = new MongoReplicaSet('registry', setArgs({ rotate: 2 }));
      set.completeRotation([client], new pulumi.ComponentResource('test:index:Network', 'network'));
      return pods;
    });
    const mark = ofKind(resources, 'ConfigMap').find(({ name }) => name === 'registry-rotation');
    const urn = (type: string, name: string) =>
      resources.find((resource) => resource.type.endsWith(type) && resource.name === name)?.urn;
    expect(mark?.inputs.data).toEqual({ completed: '2' });
    expect(mark?.dependencies).toEqual(
      expect.arrayContaining([urn(':ConfigMap', 'pods'), urn(':StatefulSet', 'registry')]),
    );
    const members = podTemplate(resources).spec.volumes.find(({ name }) => name === 'rotation');
    expect(members?.configMap).toEqual({ name: 'registry-rotation', optional: true });
  });

  test('who is no client has no connection string', async () => {
    await runProgram(() => {
      const set = new MongoReplicaSet('registry', setArgs());
      expect(set.hosts).toEqual(HOSTS);
      expect(set.connectionKey('blocks-db')).toBe('blocks-db');
      expect(set.publicKey('policies-system')).toBe('policies-system-public');
      expect(() => set.connectionKey('tasks-db')).toThrow('no connection string for tasks-db: add it to the clients');
      expect(() => set.publicKey('blocks-db')).toThrow('no connection string without credentials for blocks-db');
    });
  });

  test('no password is anywhere but in secrets', async () => {
    const resources = await register();
    expect(JSON.stringify(resources)).toContain(MOCK_SECRET);
    const shown = JSON.stringify(resources.map((resource) => maskSecrets(resource.inputs)));
    for (const secret of [MOCK_SECRET, passwordOf('blocks-db-0', MOCK_SECRET)]) expect(shown).not.toContain(secret);
  });

  test('mongod reads a keyfile that only it can read, and has neither token nor passwords', async () => {
    const template = podTemplate(await register());
    expect(container(template, 'keyfile').command).toEqual(
      expect.arrayContaining(['install', '-m', '0400', '/etc/mongod/keyfile']),
    );
    const mounts = (name: string): string[] => container(template, name).volumeMounts.map((mount) => mount.name);
    expect(mounts('mongod').sort()).toEqual(['data', 'keyfile', 'signals', 'tmp']);
    expect(mounts('members')).toEqual(expect.arrayContaining(['token', 'credentials']));
    expect(mounts('members')).not.toContain('data');
    expect(template.spec.automountServiceAccountToken).toBe(false);
    expect(container(template, 'mongod').args.join(' ')).toContain('--keyFile /etc/mongod/keyfile');
  });

  test('the account of the pods may read its StatefulSet, note that there is a set, make events, and nothing else', async () => {
    const { rules } = inputs(await register(), 'Role', 'registry-members');
    expect(rules).toEqual([
      { apiGroups: ['apps'], resources: ['statefulsets'], resourceNames: ['registry'], verbs: ['get'] },
      { apiGroups: [''], resources: ['configmaps'], resourceNames: ['registry-initiated'], verbs: ['get', 'patch'] },
      { apiGroups: [''], resources: ['events'], verbs: ['create'] },
    ]);
  });

  test('only members and labelled pods of the network reach the port', async () => {
    const { spec } = inputs(await register(), 'NetworkPolicy', 'registry');
    expect(spec).toHaveProperty('ingress', [
      {
        from: [
          { podSelector: { matchLabels: { app: 'registry' } } },
          {
            namespaceSelector: OWN_NAMESPACES,
            podSelector: { matchLabels: { client: 'true' } },
          },
        ],
        ports: [{ port: 27017, protocol: 'TCP' }],
      },
    ]);
  });

  test('every container is confined', async () => {
    const { spec } = podTemplate(await register());
    expect(spec.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 999,
      runAsGroup: 999,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    for (const { securityContext, resources } of [...spec.initContainers, ...spec.containers]) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(resources.limits).toHaveProperty('memory');
    }
  });
});

test('a pod has longer to stop than it waits to leave the set', async () => {
  const template = podTemplate(await register());
  const { env } = container(template, 'members');
  const leaveSeconds = Number(env.find(({ name }) => name === 'LEAVE_SECONDS')?.value);
  expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(leaveSeconds + 60);
});

test('what notes that there is a set is there before the members are, and says nothing of itself', async () => {
  const resources = await register();
  const mark = ofKind(resources, 'ConfigMap').find(({ name }) => name === 'registry-initiated');
  expect(mark?.inputs.metadata).toMatchObject({ annotations: { 'pulumi.com/patchForce': 'true' } });
  expect(JSON.stringify(mark?.inputs)).not.toContain('replica-set-id');
  const [statefulSet] = ofKind(resources, 'StatefulSet');
  expect(statefulSet?.dependencies).toContain(mark?.urn);
});

describe('cache', () => {
  const resources = (memory: string): DatabaseConfig['resources'] => ({
    requests: { cpu: '1', memory: '1Gi' },
    limits: { memory },
  });

  test.each([
    ['8Gi', 3.5],
    ['2Gi', 0.5],
    ['1536Mi', 0.25],
    ['512Mi', 0.25],
    ['4G', 1.36],
  ])('of a limit of %s is %d GB', (memory, expected) => {
    expect(cacheSizeGB({ resources: resources(memory) })).toBe(expected);
  });

  test('is what the stack says', async () => {
    const { args } = container(podTemplate(await register({ cacheGB: 0.75 })), 'mongod');
    expect(args.join(' ')).toContain('--wiredTigerCacheSizeGB 0.75');
  });
});

test('members listen on IPv6 where the cluster is said to have it', async () => {
  const config = networkConfig({ cluster: { context: 'test', ipv6: true } }).registry;
  const { resources } = await runProgram(() => {
    new MongoReplicaSet('registry', { ...setArgs(), config });
  });
  expect(container(podTemplate(resources), 'mongod').args).toContain('--ipv6');
  expect(container(podTemplate(await register()), 'mongod').args).not.toContain('--ipv6');
});
