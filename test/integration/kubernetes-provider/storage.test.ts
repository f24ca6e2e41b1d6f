import { parsePath, setPath } from '../../../embedded/engine/values/paths';
import type { PropertyMap, Value } from '../../../embedded/engine/values/value';
import { configMap, configMapType } from './objects';
import { type Resource, Steps, callFor } from './steps';
import { ProviderWorld } from './world';

const world = new ProviderWorld();
const steps = new Steps(world);

const claimType = 'kubernetes:core/v1:PersistentVolumeClaim';
const volumeType = 'kubernetes:core/v1:PersistentVolume';
const setType = 'kubernetes:apps/v1:StatefulSet';
const skipAwait = { 'pulumi.com/skipAwait': 'true', 'pulumi.com/patchForce': 'true' };

const claimSpec = { accessModes: ['ReadWriteOnce'], storageClassName: '', resources: { requests: { storage: '1Gi' } } };

/** As the program's databases have them: the set's template, and the claim and volume of each member. */
const database = (name: string) => ({
  set: {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name, namespace: 'tests' },
    spec: {
      replicas: 1,
      serviceName: name,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [{ name: 'main', image: 'example/db:1', volumeMounts: [{ name: 'data', mountPath: '/d' }] }],
        },
      },
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claimSpec }],
    },
  } satisfies PropertyMap,
  claim: {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: `data-${name}-0`, namespace: 'tests', labels: { app: name }, annotations: skipAwait },
    spec: { ...claimSpec, volumeName: `${name}-0` },
  } satisfies PropertyMap,
  volume: {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `${name}-0` },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: '',
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: 'tests', name: `data-${name}-0` },
      hostPath: { path: `/data/${name}-0` },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['worker-1'] }] },
          ],
        },
      },
    },
  } satisfies PropertyMap,
});

interface Running {
  set: Resource;
  claim: Resource;
  volume: Resource;
}

async function running(name: string): Promise<Running> {
  const wanted = database(name);
  const volume = await steps.create(volumeType, wanted.volume);
  const claim = await steps.create(claimType, wanted.claim);
  return { volume, claim, set: await steps.create(setType, wanted.set) };
}

const change = (inputs: PropertyMap, at: string, value: Value) => setPath(inputs, parsePath(at), value);

const diff = (resource: Resource, newInputs = resource.inputs) =>
  world.provider.diff({
    ...callFor(resource.type),
    id: resource.id,
    oldInputs: resource.inputs,
    oldOutputs: resource.outputs,
    newInputs,
  });

const phaseOf = (volume: string) => world.kubectl('get', 'pv', volume, '-o', 'jsonpath={.status.phase}');

async function until(what: () => Promise<boolean>): Promise<void> {
  while (!(await what())) await new Promise((resolve) => setTimeout(resolve, 50));
}

const gone = (...what: string[]) =>
  until(async () => (await world.kubectlHere('get', ...what, '--ignore-not-found', '-o', 'name')) === '');

test('storage in use is not replaced: neither a claim that pods run with, nor a volume that is bound', async () => {
  const { claim, volume } = await running('used');
  await expect(diff(claim, change(claim.inputs, 'spec.storageClassName', 'fast'))).rejects.toThrow(
    /PersistentVolumeClaim tests\/data-used-0 is in use by pod tests\/used-0: the change of spec.storageClassName would delete it.*Undo the change/,
  );
  await expect(diff(volume, change(volume.inputs, 'spec.hostPath.path', '/other'))).rejects.toThrow(
    /PersistentVolume used-0 is in use by PersistentVolumeClaim tests\/data-used-0/,
  );
  await expect(steps.remove(claim)).rejects.toThrow(/in use by pod tests\/used-0/);
  expect(await world.live('pvc', 'data-used-0')).not.toHaveProperty('metadata.deletionTimestamp');
});

test('a volume whose node is another in the program is refused in words of its own', async () => {
  const { volume } = await running('moved');
  const affinity = 'spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[0].values[0]';
  const moving = steps.update(volume, change(volume.inputs, affinity, 'worker-2'), { preview: true });
  await expect(moving).rejects.toThrow(/cannot update PersistentVolume moved-0: .*undo the change in the stack's file/);
  await expect(moving).rejects.not.toThrow(/replaceOnChanges/);
});

test('growth that a claim is not allowed fails in the preview as in the run', async () => {
  const { claim } = await running('grown');
  const larger = change(claim.inputs, 'spec.resources.requests.storage', '2Gi');
  const refusal =
    /cannot update PersistentVolumeClaim tests\/data-grown-0: .*only dynamically provisioned pvc can be resized/;
  await expect(steps.update(claim, larger, { preview: true })).rejects.toThrow(refusal);
  await expect(steps.update(claim, larger)).rejects.toThrow(refusal);
});

test('a claim that is being deleted is never unchanged: what holds it and the way back are named', async () => {
  const { claim } = await running('going');
  await world.kubectlHere('delete', 'pvc', 'data-going-0', '--wait=false');
  const message =
    /PersistentVolumeClaim tests\/data-going-0 is being deleted since .*a pod still uses the claim.*used by pod tests\/going-0.*stays in volume going-0.*delete its pod/;
  expect(await diff(claim)).toMatchObject({
    changes: true,
    replaces: [],
    detailed: { 'metadata.deletionTimestamp': 'delete' },
  });
  const call = callFor(claimType);
  const found = await steps.read(claim, call);
  expect(call.told.join()).toMatch(message);
  expect(await diff({ ...claim, inputs: found?.inputs ?? {} }, claim.inputs)).toMatchObject({ changes: true });
  await expect(steps.update(claim, claim.inputs, { preview: true })).rejects.toThrow(message);
  await expect(steps.update(claim, claim.inputs)).rejects.toThrow(message);
});

test('a claim that was deleted by hand, and made again by its controller, is taken back with the data of its volume', async () => {
  const { claim, volume } = await running('lost');
  await world.kubectlHere('delete', 'pvc', 'data-lost-0', '--wait=false');
  await world.kubectlHere('delete', 'pod', 'lost-0');
  await until(async () => (await phaseOf('lost-0')) === 'Released');
  await until(
    async () => (await world.kubectlHere('get', 'pvc', 'data-lost-0', '--ignore-not-found', '-o', 'name')) !== '',
  );
  // The volume remembers the claim before: that is a change, seen by a comparison and by a refresh.
  expect((await diff(volume)).detailed).toEqual({ 'spec.claimRef.uid': 'delete' });
  expect(await steps.drift(volume)).toEqual(['spec.claimRef.uid']);
  const call = callFor(claimType);
  await steps.create(claimType, claim.inputs, { preview: true, call });
  expect(call.told.join()).toMatch(/PersistentVolumeClaim tests\/data-lost-0 exists already .*is taken over/);
  await steps.update(volume, volume.inputs);
  const taken = await steps.create(claimType, claim.inputs);
  await until(async () => (await phaseOf('lost-0')) === 'Bound');
  expect(await steps.drift(taken)).toEqual([]);
});

test('a new claim frees the volume that it names', async () => {
  const { volume, claim } = database('freed');
  await steps.create(volumeType, volume);
  await steps.create(claimType, claim);
  await until(async () => (await phaseOf('freed-0')) === 'Bound');
  await world.kubectlHere('delete', 'pvc', 'data-freed-0');
  await until(async () => (await phaseOf('freed-0')) === 'Released');
  await steps.create(claimType, claim);
  await until(async () => (await phaseOf('freed-0')) === 'Bound');
});

test('what holds no data is made anew once it is gone', async () => {
  const held = { ...configMap('held', { a: '1' }) };
  const made = await steps.create(configMapType, held);
  await world.kubectlHere('patch', 'configmap', 'held', '-p', '{"metadata":{"finalizers":["example.com/hold"]}}');
  await world.kubectlHere('delete', 'configmap', 'held', '--wait=false');
  const call = callFor(configMapType);
  await steps.update(made, configMap('held', { a: '2' }), { preview: true, call });
  expect(call.told.join()).toMatch(/ConfigMap tests\/held is being deleted since .*held by example.com\/hold/);
  const updating = steps.update(made, configMap('held', { a: '2' }));
  await world.kubectlHere('patch', 'configmap', 'held', '--type=merge', '-p', '{"metadata":{"finalizers":null}}');
  expect((await updating).outputs.data).toEqual({ a: '2' });
});

test('a namespace that is being deleted is neither unchanged nor ready', async () => {
  const type = 'kubernetes:core/v1:Namespace';
  const made = await steps.create(type, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ending' } });
  await world.kubectl('-n', 'ending', 'create', 'configmap', 'held');
  await world.kubectl(
    '-n',
    'ending',
    'patch',
    'configmap',
    'held',
    '-p',
    '{"metadata":{"finalizers":["example.com/hold"]}}',
  );
  await world.kubectl('delete', 'namespace', 'ending', '--wait=false');
  expect((await diff(made)).changes).toBe(true);
  await expect(steps.update(made, made.inputs)).rejects.toThrow(
    /Namespace ending is being deleted since .*Everything in it/,
  );
  await expect(steps.create(type, made.inputs, { preview: true })).rejects.toThrow(/Namespace ending is being deleted/);
  await world.kubectl(
    '-n',
    'ending',
    'patch',
    'configmap',
    'held',
    '--type=merge',
    '-p',
    '{"metadata":{"finalizers":null}}',
  );
  await until(
    async () => (await world.kubectl('get', 'namespace', 'ending', '--ignore-not-found', '-o', 'name')) === '',
  );
});

test('volume, claim and set go in the order of a destroy', async () => {
  const { set, claim, volume } = await running('destroyed');
  await steps.remove(set);
  await steps.remove(claim);
  await steps.remove(volume);
  await gone('pv', 'destroyed-0');
});
