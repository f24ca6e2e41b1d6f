import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { getPath, setPath } from '../../../embedded/engine/values/paths';
import type { PropertyMap } from '../../../embedded/engine/values/value';
import { configMap, configMapType, deployment, deploymentType, fieldManager } from './objects';
import { Steps, callFor } from './steps';
import { ProviderWorld } from './world';

const world = new ProviderWorld();
const steps = new Steps(world);

describe('update', () => {
  test('a field that leaves the program leaves the object', async () => {
    const made = await steps.create(configMapType, configMap('shrinking', { a: '1', b: '2' }));
    const updated = await steps.update(made, configMap('shrinking', { a: '1' }));
    expect(updated.outputs.data).toEqual({ a: '1' });
    expect(fieldManager(updated)).toBe(fieldManager(made));
  });

  test('also from an object that the pulumi CLI created, which owns its fields by an update', async () => {
    const inputs = configMap('from-cli', { a: '1', b: '2' });
    const manifest = path.join(world.directory, 'from-cli.json');
    writeFileSync(manifest, JSON.stringify(inputs));
    await world.kubectl('create', '--field-manager=pulumi-kubernetes', '-f', manifest);
    const live = await world.live('configmap', 'from-cli');
    const outputs = {
      ...live,
      __inputs: inputs,
      __initialApiVersion: 'v1',
      __fieldManager: 'pulumi-kubernetes-1e5d91ae',
    };
    const state = { type: configMapType, id: 'tests/from-cli', inputs, outputs };
    const next = configMap('from-cli', { a: '9' });
    await expect(steps.update(state, next, { preview: true })).resolves.toBeDefined();
    expect((await steps.update(state, next)).outputs.data).toEqual({ a: '9' });
  });

  test('a field of another manager is a conflict that names field, manager and fix; patchForce takes it', async () => {
    const made = await steps.create(configMapType, configMap('disputed', { a: '1' }));
    await world.kubectlHere('patch', 'configmap', 'disputed', '--field-manager=somebody', '-p', '{"data":{"a":"2"}}');
    expect(await steps.drift(made)).toEqual(['data.a']);
    const next = configMap('disputed', { a: '3' });
    const conflict =
      /ConfigMap tests\/disputed.*\n +\.data\.a is set by "somebody"\n.*pulumi.com\/patchForce.*ignoreChanges/;
    await expect(steps.update(made, next)).rejects.toThrow(conflict);
    await expect(steps.update(made, next, { preview: true })).rejects.toThrow(conflict);
    const forced = await steps.update(made, configMap('disputed', { a: '3' }, { 'pulumi.com/patchForce': 'true' }));
    expect(forced.outputs.data).toEqual({ a: '3' });
  });

  test('replicas under ignoreChanges stay with the autoscaler that set them', async () => {
    const made = await steps.create(deploymentType, deployment('scaled'));
    await world.kubectlHere('scale', 'deploy/scaled', '--replicas=3');
    const next = setPath(made.inputs, ['spec', 'template', 'spec', 'terminationGracePeriodSeconds'], 5);
    const updated = await steps.update(made, next, { ignoreChanges: ['spec.replicas'] });
    expect(getPath(updated.outputs, ['spec', 'replicas'])).toBe(3);
  });

  test('an object that has gone is not made anew behind the state', async () => {
    const made = await steps.create(configMapType, configMap('lost', { a: '1' }));
    await world.kubectlHere('delete', 'configmap', 'lost');
    await expect(steps.update(made, configMap('lost', { a: '2' }))).rejects.toThrow(/does not exist any more.*refresh/);
    expect(await steps.read(made)).toBeUndefined();
  });
});

describe('Patch resources', () => {
  const type = 'kubernetes:core/v1:NodePatch';
  const node = (labels: PropertyMap, name = 'worker-3') => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels },
  });
  const labels = async () =>
    JSON.parse(await world.kubectl('get', 'node', 'worker-3', '-o', 'jsonpath={.metadata.labels}')) as PropertyMap;

  test('set their fields, and give them up in the end', async () => {
    const made = await steps.create(type, node({ registry: 'yes', metrics: 'yes' }));
    expect(made.id).toBe('worker-3');
    expect(await labels()).toMatchObject({ registry: 'yes', metrics: 'yes' });
    const updated = await steps.update(made, node({ registry: 'yes' }));
    expect(await labels()).not.toHaveProperty('metrics');
    await steps.remove(updated);
    expect(await labels()).not.toHaveProperty('registry');
    expect(await labels()).toHaveProperty(['kubernetes.io/hostname'], 'worker-3');
  });

  test('need their object to create, not to delete', async () => {
    await expect(steps.create(type, node({ a: 'b' }, 'worker-99'))).rejects.toThrow(/Node worker-99 does not exist/);
    expect(await world.kubectl('get', 'node', 'worker-99', '--ignore-not-found', '-o', 'name')).toBe('');
    const gone = { type, id: 'worker-99', inputs: node({ a: 'b' }, 'worker-99'), outputs: {} };
    await expect(steps.remove(gone)).resolves.toBeUndefined();
  });
});

describe('delete', () => {
  test('waits until the object and its pods are gone, and does not mind that it went before', async () => {
    const made = await steps.create(deploymentType, deployment('deleted'));
    await steps.remove(made);
    expect(await world.kubectlHere('get', 'deploy,rs,pods', '-l', 'app=deleted', '-o', 'name')).toBe('');
    await expect(steps.remove(made)).resolves.toBeUndefined();
  });

  test('leaves what somebody made again under the same name', async () => {
    const made = await steps.create(configMapType, configMap('remade', { a: '1' }));
    await world.kubectlHere('delete', 'configmap', 'remade');
    await world.kubectlHere('create', 'configmap', 'remade', '--from-literal=theirs=1');
    const call = callFor(configMapType);
    await steps.remove(made, call);
    expect(call.told.join()).toMatch(/ConfigMap tests\/remade is another object/);
    expect(await world.kubectlHere('get', 'configmap', 'remade', '-o', 'jsonpath={.data.theirs}')).toBe('1');
  });

  test('names the finalizers that hold the object', async () => {
    const made = await steps.create(configMapType, configMap('held', { a: '1' }));
    await world.kubectlHere('patch', 'configmap', 'held', '-p', '{"metadata":{"finalizers":["example.com/hold"]}}');
    const abort = new AbortController();
    const call = callFor(configMapType, abort.signal);
    const deleting = steps.remove(made, { ...call, status: () => abort.abort() });
    await expect(deleting).rejects.toThrow(/tests\/held: waiting was interrupted: .*example.com\/hold/);
    await world.kubectlHere('patch', 'configmap', 'held', '--type=merge', '-p', '{"metadata":{"finalizers":null}}');
  });
});
