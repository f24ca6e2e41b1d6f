import { InitError } from '../../../embedded/engine/providers/provider';
import { getPath, setPath } from '../../../embedded/engine/values/paths';
import { type PropertyMap, Unknown, unknown } from '../../../embedded/engine/values/value';
import { configMap, configMapType, deployment, deploymentType, fieldManager } from './objects';
import { Steps, callFor } from './steps';
import { ProviderWorld } from './world';

const world = new ProviderWorld();
const steps = new Steps(world);

describe('create', () => {
  test('waits until the pods are ready and records what the real provider records', async () => {
    const call = callFor(deploymentType);
    const made = await steps.create(deploymentType, deployment('created'), { call });
    expect(made.id).toBe('tests/created');
    expect(getPath(made.outputs, ['status', 'availableReplicas'])).toBe(2);
    expect(made.outputs.__inputs).toEqual(made.inputs);
    expect(made.outputs.__initialApiVersion).toBe('apps/v1');
    expect(fieldManager(made)).toMatch(/^pulumi-kubernetes-[0-9a-f]{8}$/);
    expect(getPath(made.outputs, ['metadata', 'managedFields'])).toBeUndefined();
    const managers = await world.kubectlHere('get', 'deploy', 'created', '--show-managed-fields', '-o', 'json');
    const live = JSON.parse(managers) as PropertyMap;
    expect(getPath(live, ['metadata', 'managedFields'])).toContainEqual(
      expect.objectContaining({ manager: fieldManager(made), operation: 'Apply' }),
    );
    expect(call.told.join('\n')).toMatch(/deployment controller|\d\/2 pods/);
  });

  test('an object that exists is refused and stays as it is; upsertExistingObjects takes it over', async () => {
    await world.kubectlHere('create', 'configmap', 'foreign', '--from-literal=mine=1');
    const wanted = configMap('foreign', { ours: '2' });
    await expect(steps.create(configMapType, wanted)).rejects.toThrow(
      /ConfigMap tests\/foreign already exists .*kubectl-create.*UPSERT_EXISTING_OBJECTS.*delete/,
    );
    const data = () => world.kubectlHere('get', 'configmap', 'foreign', '-o', 'jsonpath={.data}');
    expect(JSON.parse(await data())).toEqual({ mine: '1' });
    const upserting = await world.configured({ upsertExistingObjects: 'true' });
    await steps.create(configMapType, wanted, { with: upserting });
    await upserting.close();
    expect(JSON.parse(await data())).toEqual({ mine: '1', ours: '2' });
  });

  test('of two creates at once one wins, and the other leaves nothing behind', async () => {
    const outcomes = await Promise.allSettled(
      ['a', 'b', 'c'].map((key) => steps.create(configMapType, configMap('raced', { [key]: '1' }))),
    );
    const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(won).toHaveLength(1);
    for (const { reason } of lost) expect(String(reason)).toContain('ConfigMap tests/raced already exists');
    const data = await world.kubectlHere('get', 'configmap', 'raced', '-o', 'jsonpath={.data}');
    expect(JSON.parse(data)).toEqual(won[0]?.value.outputs.data);
  });

  test('what is noted before the create proves afterwards that the object is its', async () => {
    let noted: PropertyMap = {};
    const exists = () => world.kubectlHere('get', 'configmap', 'begun', '--ignore-not-found', '-o', 'name');
    const noteIntent = async (outputs: PropertyMap) => {
      expect(await exists()).toBe('');
      noted = outputs;
    };
    const made = await steps.create(configMapType, configMap('begun', { a: '1' }), { noteIntent });
    const call = callFor(configMapType);
    const recovered = await world.provider.recover({ ...call, inputs: made.inputs, noted });
    expect(recovered).toEqual({ id: made.id, outputs: made.outputs });
    const stranger = { __fieldManager: 'pulumi-kubernetes-00000000' };
    expect(await world.provider.recover({ ...call, inputs: made.inputs, noted: stranger })).toBeUndefined();
  });

  test('one that cannot become ready fails with the object recorded and the reason', async () => {
    const call = callFor(deploymentType);
    const stuck = steps.create(deploymentType, deployment('stuck', { nodeSelector: { no: 'such' } }), {
      timeout: 4,
      call,
    });
    const error = await stuck.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(InitError);
    const { id, outputs, reasons } = error as InitError;
    expect(id).toBe('tests/stuck');
    expect(getPath(outputs, ['metadata', 'uid'])).toEqual(expect.any(String));
    expect(reasons[0]).toMatch(/timed out after 4 s: 0\/2 pods ready; pod stuck-\S+: Unschedulable: 0\/6 nodes/);
    expect(call.told.at(-1)).toMatch(/Unschedulable/);
  });

  test('Ctrl-C ends the waiting, not the object', async () => {
    const abort = new AbortController();
    const call = callFor(deploymentType, abort.signal);
    const status = (message: string) => {
      if (message.includes('0/2 pods')) abort.abort();
    };
    const stopped = steps.create(deploymentType, deployment('stopped', { nodeSelector: { no: 'such' } }), {
      call: { ...call, status },
    });
    await expect(stopped).rejects.toThrow(/created, but waiting was interrupted/);
    expect(await world.kubectlHere('get', 'deploy', 'stopped', '-o', 'name')).toContain('stopped');
  });

  test('an unreachable API server is named with its context', async () => {
    const elsewhere = world.kubeconfigAt('https://127.0.0.1:1');
    const lost = await world.configured({ kubeconfig: elsewhere });
    const inputs = configMap('nowhere', {});
    const creating = steps.create(configMapType, inputs, { with: lost, preview: true });
    await expect(creating).rejects.toThrow(/cannot reach .* https:\/\/127.0.0.1:1 \(context "aios-embedded"\)/);
  });

  test('an API server whose certificate nobody vouches for is told from one that is not there', async () => {
    const untrusting = world.kubeconfigAt(world.cluster.server).replace(/ *certificate-authority-data: .*\n/, '');
    const lost = await world.configured({ kubeconfig: untrusting });
    const creating = steps.create(configMapType, configMap('nowhere', {}), { with: lost, preview: true });
    await expect(creating).rejects.toThrow(/its certificate is not signed by the kubeconfig's certificate-authority/);
  });
});

describe('preview', () => {
  test('shows what the API server would make of the inputs, and changes nothing', async () => {
    const { outputs, id } = await steps.create(deploymentType, deployment('previewed'), { preview: true });
    expect(id).toBe('');
    expect(getPath(outputs, ['spec', 'revisionHistoryLimit'])).toBe(10);
    expect(getPath(outputs, ['metadata', 'uid'])).toBeInstanceOf(Unknown);
    expect(await world.kubectlHere('get', 'deploy', 'previewed', '--ignore-not-found', '-o', 'name')).toBe('');
  });

  test('fails where the API server would refuse', async () => {
    const wrong = setPath(deployment('refused'), ['spec', 'replica'], 3);
    await expect(steps.create(deploymentType, wrong, { preview: true })).rejects.toThrow(
      /Deployment tests\/refused.*replica/,
    );
    const invalid = setPath(deployment('refused'), ['spec', 'replicas'], -1);
    await expect(steps.create(deploymentType, invalid, { preview: true })).rejects.toThrow(/spec.replicas/);
  });

  test('trusts the inputs where the run itself makes what is missing', async () => {
    const inputs = setPath(configMap('later', { a: '1' }), ['metadata', 'namespace'], 'not-there-yet');
    const { outputs } = await steps.create(configMapType, inputs, { preview: true });
    expect(outputs.data).toEqual({ a: '1' });
    const undecided = await steps.create(configMapType, configMap('later', { a: unknown }), { preview: true });
    expect(getPath(undecided.outputs, ['data', 'a'])).toBeInstanceOf(Unknown);
  });
});
