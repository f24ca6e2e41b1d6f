import { diffObject } from '../../../../../../embedded/engine/providers/kubernetes/diff';
import { parsePath, setPath } from '../../../../../../embedded/engine/values/paths';
import { type PropertyMap, Secret, type Value, unknown } from '../../../../../../embedded/engine/values/value';

const immutable = { enableConfigMapMutable: false, enableSecretMutable: false };
const mutable = { enableConfigMapMutable: true, enableSecretMutable: true };

interface Options {
  type?: string;
  outputs?: PropertyMap;
  settings?: typeof mutable;
}

function diff(oldInputs: PropertyMap, newInputs: PropertyMap, options: Options = {}) {
  const { type = 'kubernetes:apps/v1:Deployment', outputs = {}, settings = immutable } = options;
  const call = {
    urn: '',
    name: 'it',
    signal: new AbortController().signal,
    status: () => undefined,
    warn: () => undefined,
  };
  return diffObject({ ...call, type, id: 'ns/it', oldInputs, oldOutputs: outputs, newInputs }, settings);
}

const change = (inputs: PropertyMap, path: string, value: Value) => setPath(inputs, parsePath(path), value);

const deployment: PropertyMap = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'parser', namespace: 'services' },
  spec: {
    selector: { matchLabels: { app: 'parser' } },
    template: {
      metadata: { labels: { app: 'parser' } },
      spec: {
        containers: [
          {
            name: 'a',
            image: 'a:1',
            env: [{ name: 'V', value: '1.0' }],
            resources: { requests: { cpu: '0.5', memory: '1Gi' } },
          },
        ],
      },
    },
  },
};

const object = (apiVersion: string, kind: string, rest: PropertyMap): PropertyMap => ({
  apiVersion,
  kind,
  metadata: { name: 'it', namespace: 'ns' },
  ...rest,
});

test('changes are named by path, with the indexes of lists', () => {
  const image = 'spec.template.spec.containers[0].image';
  expect(diff(deployment, change(deployment, image, 'a:2'))).toEqual({
    changes: true,
    replaces: [],
    deleteBeforeReplace: false,
    detailed: { [image]: 'update' },
  });
  const more = change(deployment, 'spec.template.spec.containers', [{ name: 'a', image: 'a:1' }, { name: 'b' }]);
  expect(diff(deployment, more).detailed).toEqual({
    'spec.template.spec.containers[0].env': 'delete',
    'spec.template.spec.containers[0].resources': 'delete',
    'spec.template.spec.containers[1]': 'add',
  });
});

test.each<[string, Value]>([
  ['spec.template.spec.containers[0].resources', { requests: { cpu: '500m', memory: '1024Mi' } }],
  ['spec.template.spec.containers[0].resources', { requests: { cpu: 0.5, memory: 1073741824 } }],
  ['spec.template.spec.hostNetwork', false],
  ['spec.template.spec.initContainers', []],
  ['metadata.annotations', {}],
  ['spec.paused', null],
])('another spelling of the same is no change: %s', (path, value) => {
  expect(diff(deployment, change(deployment, path, value)).detailed).toEqual({});
});

test.each<[string, Value]>([
  // Texts of the user's own are no quantities.
  ['spec.template.spec.containers[0].env[0].value', '1'],
  ['spec.template.metadata.labels.requests', '1'],
  ['metadata.labels.value', ''],
  // Absent means true.
  ['spec.template.spec.automountServiceAccountToken', false],
  ['spec.replicas', 0],
  ['spec.template.spec.securityContext', {}],
])('what only looks the same is a change: %s', (path, value) => {
  expect(Object.keys(diff(deployment, change(deployment, path, value)).detailed)).toHaveLength(1);
});

test.each<[PropertyMap, string, Value]>([
  [deployment, 'spec.selector.matchLabels.app', 'other'],
  [object('apps/v1', 'StatefulSet', { spec: { serviceName: 'a' } }), 'spec.serviceName', 'b'],
  [object('apps/v1', 'StatefulSet', { spec: {} }), 'spec.volumeClaimTemplates', [{ metadata: { name: 'data' } }]],
  [object('v1', 'PersistentVolume', { spec: { local: { path: '/a' } } }), 'spec.local.path', '/b'],
  [object('v1', 'PersistentVolumeClaim', { spec: { storageClassName: 'a' } }), 'spec.storageClassName', 'b'],
  [object('rbac.authorization.k8s.io/v1', 'RoleBinding', { roleRef: { name: 'a' } }), 'roleRef.name', 'b'],
  [object('v1', 'Secret', { type: 'Opaque' }), 'type', 'kubernetes.io/tls'],
  [object('v1', 'Service', { spec: { clusterIP: 'None' } }), 'spec.clusterIP', '10.0.0.1'],
])('replaces, the old object first: $kind %#', (old, path, value) => {
  const result = diff(old, change(old, path, value));
  expect(result.replaces).toEqual([path]);
  expect(result.deleteBeforeReplace).toBe(true);
});

test.each<[PropertyMap, string, Value]>([
  [object('apps/v1', 'StatefulSet', { spec: { replicas: 3 } }), 'spec.replicas', 5],
  [
    object('v1', 'PersistentVolumeClaim', { spec: { resources: { requests: { storage: '1Gi' } } } }),
    'spec.resources.requests.storage',
    '2Gi',
  ],
  [object('policy/v1', 'PodDisruptionBudget', { spec: { maxUnavailable: 1 } }), 'spec.maxUnavailable', 2],
  [object('batch/v1', 'CronJob', { spec: { schedule: 'a' } }), 'spec.schedule', 'b'],
])('updates in place: $kind %#', (old, path, value) => {
  expect(diff(old, change(old, path, value))).toMatchObject({
    changes: true,
    replaces: [],
    deleteBeforeReplace: false,
  });
});

test('something around a replacing field that comes or goes with it replaces', () => {
  const volume = object('v1', 'PersistentVolume', {});
  const next = change(volume, 'spec', { hostPath: { path: '/a' } });
  expect(diff(volume, next).replaces).toEqual(['spec']);
  expect(diff(next, volume).detailed).toEqual({ spec: 'delete-replace' });
});

test('data replaces a ConfigMap or Secret unless it may change in place', () => {
  for (const kind of ['ConfigMap', 'Secret']) {
    const old = object('v1', kind, { data: { a: 'MQ==' } });
    const next = object('v1', kind, { data: { a: 'Mg==' } });
    expect(diff(old, next).replaces).toEqual(['data.a']);
    expect(diff(old, next, { settings: mutable })).toMatchObject({ changes: true, replaces: [] });
    const fixed = { settings: mutable };
    expect(diff({ ...old, immutable: true }, { ...next, immutable: true }, fixed).replaces).toEqual(['data.a']);
  }
});

test('names what changed inside a secret, as the official provider does', () => {
  const secret = (password: string) => object('v1', 'Secret', { data: new Secret({ password, user: 'a' }) });
  expect(diff(secret('a'), secret('a')).changes).toBe(false);
  expect(diff(secret('a'), secret('b'), { settings: mutable }).detailed).toEqual({
    'data.password': 'update',
  });
  expect(diff(secret('a'), secret('b')).detailed).toEqual({ 'data.password': 'update-replace' });
});

test('quotes only those keys of a path that the official provider quotes', () => {
  const config = (value: string) => object('v1', 'ConfigMap', { data: { 'actions-map': value, 'a.b"': value } });
  expect(Object.keys(diff(config('a'), config('b'), { settings: mutable }).detailed)).toEqual([
    'data.actions-map',
    'data["a.b\\""]',
  ]);
});

test('another name replaces without deleting first', () => {
  const renamed = diff(deployment, change(deployment, 'metadata.name', 'other'));
  expect(renamed).toMatchObject({ replaces: ['metadata.name'], deleteBeforeReplace: false });
});

test('no namespace means the default one', () => {
  const config = object('v1', 'ConfigMap', { metadata: { name: 'it', namespace: 'default' } });
  expect(diff(config, { ...config, metadata: { name: 'it' } }).changes).toBe(false);
});

test('what is not known yet is a change', () => {
  const image = 'spec.template.spec.containers[0].image';
  expect(diff(deployment, change(deployment, image, unknown)).detailed).toEqual({ [image]: 'update' });
});

test('a Patch resource is another one only for another object', () => {
  const patch = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'ns' }, spec: { nodeName: 'a' } };
  const type = 'kubernetes:core/v1:PodPatch';
  expect(diff(patch, change(patch, 'spec.nodeName', 'b'), { type }).replaces).toEqual([]);
  expect(diff(patch, change(patch, 'metadata.name', 'b'), { type }).replaces).toEqual(['metadata.name']);
});

test('a volume of no class is the same with an empty one, as in states of the CLI; a claim is not', () => {
  const spec = { accessModes: ['ReadWriteOnce'] };
  const changes = (kind: string) =>
    diff(object('v1', kind, { spec }), object('v1', kind, { spec: { ...spec, storageClassName: '' } })).changes;
  expect(changes('PersistentVolume')).toBe(false);
  expect(changes('PersistentVolumeClaim')).toBe(true);
});
