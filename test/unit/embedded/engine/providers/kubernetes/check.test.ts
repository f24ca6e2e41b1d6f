import { checkObject } from '../../../../../../embedded/engine/providers/kubernetes/check';
import { type PropertyMap, Secret, unknown } from '../../../../../../embedded/engine/values/value';

const context = {
  defaultNamespace: () => Promise.resolve('home'),
  isNamespaced: ({ kind }: { kind: string }) => Promise.resolve(kind !== 'Node'),
};

function check(newInputs: PropertyMap, type = 'kubernetes:core/v1:ConfigMap') {
  const call = {
    urn: '',
    name: 'settings',
    signal: new AbortController().signal,
    status: () => undefined,
    warn: () => undefined,
  };
  return checkObject({ ...call, type, newInputs, oldInputs: {} }, context);
}

const configMap = (metadata?: PropertyMap): PropertyMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  ...(metadata && { metadata }),
});

test('a name that is not known yet is one', async () => {
  const { inputs } = await check(configMap({ name: unknown }));
  expect(inputs.metadata).toEqual({ name: unknown, namespace: 'home' });
});

test('objects of the cluster get no namespace', async () => {
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'a' } };
  expect((await check(node, 'kubernetes:core/v1:Node')).inputs).toEqual(node);
});

test('the data of a Secret is one encoded secret', async () => {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'a', namespace: 'ns' },
    data: { user: 'YQ==' },
    stringData: { password: new Secret('geheim') },
  };
  const { inputs } = await check(secret, 'kubernetes:core/v1:Secret');
  expect(inputs.stringData).toBeUndefined();
  expect(inputs.data).toEqual(new Secret({ user: 'YQ==', password: 'Z2VoZWlt' }));
  const undecided = await check({ ...secret, stringData: { password: unknown } }, 'kubernetes:core/v1:Secret');
  expect(undecided.inputs.stringData).toEqual(new Secret({ password: unknown }));
});

test('a list with a secret in it is secret as a whole, as in the real provider', async () => {
  const pod = {
    apiVersion: 'v1',
    kind: 'PodTemplate',
    metadata: { name: 'a', namespace: 'ns' },
    spec: { restartPolicy: 'Never', containers: [{ name: 'c', env: [{ name: 'P', value: new Secret('x') }] }] },
  };
  expect((await check(pod)).inputs.spec).toEqual({
    restartPolicy: 'Never',
    containers: new Secret([{ name: 'c', env: [{ name: 'P', value: 'x' }] }]),
  });
});

test.each<[string, PropertyMap, string, string]>([
  ['', { chart: 'x' }, 'kubernetes:helm.sh/v3:Release', 'not supported'],
  ['apiVersion', { kind: 'ConfigMap' }, 'kubernetes:core/v1:ConfigMap', 'missing'],
  ['kind', { apiVersion: 'v1' }, 'kubernetes:core/v1:ConfigMap', 'missing'],
  ['metadata', { ...configMap(), metadata: 'x' }, 'kubernetes:core/v1:ConfigMap', 'expected an object'],
  ['metadata.name', { apiVersion: 'v1', kind: 'Node' }, 'kubernetes:core/v1:NodePatch', 'missing'],
  ['metadata.name', configMap({ generateName: 'x-' }), 'kubernetes:core/v1:ConfigMap', 'makes up no names'],
  ['', { apiVersion: 'batch/v1', kind: 'Job' }, 'kubernetes:batch/v1:Job', 'batch/v1:Job is not supported'],
  [
    'metadata.annotations["pulumi.com/waitFor"]',
    configMap({ name: 'a', annotations: { 'pulumi.com/waitFor': 'condition=Ready' } }),
    'kubernetes:core/v1:ConfigMap',
    'not supported',
  ],
])('refuses a wrong %s', async (property, inputs, type, reason) => {
  const { failures } = await check(inputs, type);
  expect(failures).toEqual([{ property, reason: expect.stringContaining(reason) as string }]);
});
