import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { startCluster, stopCluster, type Cluster } from '../../embedded/cluster';
import { KubernetesProvider } from '../../embedded/engine/providers/kubernetes/provider';
import { InitError } from '../../embedded/engine/providers/provider';
import { getPath, setPath } from '../../embedded/engine/values/paths';
import { PropertyMap, Secret, Unknown, Value, isPropertyMap, unknown } from '../../embedded/engine/values/value';

jest.setTimeout(60_000);

const directory = mkdtempSync(path.join(tmpdir(), 'aios-kubernetes-provider-'));
let cluster: Cluster;
let provider: KubernetesProvider;

beforeAll(async () => {
  cluster = await startCluster({ directory });
  provider = await configured();
  await kubectl('create', 'namespace', 'tests');
}, 600_000);

afterAll(async () => {
  await provider.close();
  await stopCluster({ directory });
  rmSync(directory, { recursive: true });
});

async function configured(settings: PropertyMap = {}): Promise<KubernetesProvider> {
  const made = new KubernetesProvider();
  await made.configure({ kubeconfig: cluster.kubeconfig, enableSecretMutable: 'true', ...settings });
  return made;
}

async function kubectl(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(cluster.kubectl, ['--kubeconfig', cluster.kubeconfig, ...args]);
  return stdout.trim();
}

/** What a resource's calls have in common, with what they told the user. */
function callFor(type: string, signal = new AbortController().signal) {
  const told: string[] = [];
  const tell = (message: string) => {
    told.push(message);
  };
  return { urn: `urn:pulumi:dev::test::${type}::it`, type, name: 'it', signal, status: tell, warn: tell, told };
}

interface Resource {
  type: string;
  id: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
}

interface Options {
  with?: KubernetesProvider;
  preview?: boolean;
  timeout?: number;
  call?: ReturnType<typeof callFor>;
  noteIntent?: (outputs: PropertyMap) => Promise<void>;
}

async function check(type: string, inputs: PropertyMap): Promise<PropertyMap> {
  const request = {
    ...callFor(type),
    oldInputs: {},
    newInputs: inputs,
    randomSeed: Buffer.from('0123456789ab', 'hex'),
  };
  const { inputs: checked, failures } = await provider.check(request);
  expect(failures).toEqual([]);
  return checked;
}

async function create(type: string, wanted: PropertyMap, options: Options = {}): Promise<Resource> {
  const inputs = await check(type, wanted);
  const { timeout = 30, preview = false, noteIntent = () => Promise.resolve() } = options;
  const call = options.call ?? callFor(type);
  const made = await (options.with ?? provider).create({ ...call, inputs, timeout, preview, noteIntent });
  return { type, inputs, ...made };
}

async function update(
  resource: Resource,
  newInputs: PropertyMap,
  options: Options & { ignoreChanges?: string[] } = {},
) {
  const { type, id, inputs, outputs } = resource;
  const { timeout = 30, preview = false, ignoreChanges = [] } = options;
  const call = options.call ?? callFor(type);
  const request = { ...call, id, oldInputs: inputs, oldOutputs: outputs, newInputs, ignoreChanges, timeout, preview };
  const updated = await provider.update(request);
  return { ...resource, inputs: newInputs, ...updated };
}

const read = ({ type, id, inputs, outputs }: Resource) => provider.read({ ...callFor(type), id, inputs, outputs });

const remove = ({ type, id, inputs, outputs }: Resource, call = callFor(type)) =>
  provider.delete({ ...call, id, inputs, outputs, timeout: 30 });

/** The paths that an update to the program's inputs would change after a refresh. */
async function drift(resource: Resource): Promise<string[]> {
  const found = await read(resource);
  if (!found) throw new Error(`${resource.id} has gone`);
  const { detailed } = await provider.diff({
    ...callFor(resource.type),
    id: found.id,
    oldInputs: found.inputs,
    oldOutputs: found.outputs,
    newInputs: resource.inputs,
    ignoreChanges: [],
  });
  return Object.keys(detailed);
}

const deploymentType = 'kubernetes:apps/v1:Deployment';
const configMapType = 'kubernetes:core/v1:ConfigMap';

function deployment(name: string, podSpec: PropertyMap = {}): PropertyMap {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'tests' },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'example/app:1' }], ...podSpec } },
    },
  };
}

const configMap = (name: string, data: PropertyMap, annotations?: PropertyMap): PropertyMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'tests', ...(annotations && { annotations }) },
  data,
});

function fieldManager({ outputs }: Pick<Resource, 'outputs'>): string {
  const name = outputs.__fieldManager;
  return typeof name === 'string' ? name : '';
}

describe('create', () => {
  test('waits until the pods are ready and records what the real provider records', async () => {
    const call = callFor(deploymentType);
    const made = await create(deploymentType, deployment('created'), { call });
    expect(made.id).toBe('tests/created');
    expect(getPath(made.outputs, ['status', 'availableReplicas'])).toBe(2);
    expect(made.outputs.__inputs).toEqual(made.inputs);
    expect(made.outputs.__initialApiVersion).toBe('apps/v1');
    expect(fieldManager(made)).toMatch(/^pulumi-kubernetes-[0-9a-f]{8}$/);
    expect(getPath(made.outputs, ['metadata', 'managedFields'])).toBeUndefined();
    const managers = await kubectl('-n', 'tests', 'get', 'deploy', 'created', '--show-managed-fields', '-o', 'json');
    const live = JSON.parse(managers) as PropertyMap;
    expect(getPath(live, ['metadata', 'managedFields'])).toContainEqual(
      expect.objectContaining({ manager: fieldManager(made), operation: 'Apply' }),
    );
    expect(call.told.join('\n')).toMatch(/deployment controller|\d\/2 pods/);
  });

  test('an object that exists is refused and stays as it is; upsertExistingObjects takes it over', async () => {
    await kubectl('-n', 'tests', 'create', 'configmap', 'foreign', '--from-literal=mine=1');
    const wanted = configMap('foreign', { ours: '2' });
    await expect(create(configMapType, wanted)).rejects.toThrow(
      /ConfigMap tests\/foreign already exists .*kubectl-create.*import: "tests\/foreign".*upsertExistingObjects.*delete/,
    );
    const data = () => kubectl('-n', 'tests', 'get', 'configmap', 'foreign', '-o', 'jsonpath={.data}');
    expect(JSON.parse(await data())).toEqual({ mine: '1' });
    const upserting = await configured({ upsertExistingObjects: 'true' });
    await create(configMapType, wanted, { with: upserting });
    await upserting.close();
    expect(JSON.parse(await data())).toEqual({ mine: '1', ours: '2' });
  });

  test('of two creates at once one wins, and the other leaves nothing behind', async () => {
    const outcomes = await Promise.allSettled(
      ['a', 'b', 'c'].map((key) => create(configMapType, configMap('raced', { [key]: '1' }))),
    );
    const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(won).toHaveLength(1);
    for (const { reason } of lost) expect(String(reason)).toContain('ConfigMap tests/raced already exists');
    const data = await kubectl('-n', 'tests', 'get', 'configmap', 'raced', '-o', 'jsonpath={.data}');
    expect(JSON.parse(data)).toEqual(won[0]?.value.outputs.data);
  });

  test('what is noted before the create proves afterwards that the object is its', async () => {
    let noted: PropertyMap = {};
    const exists = () => kubectl('-n', 'tests', 'get', 'configmap', 'begun', '--ignore-not-found', '-o', 'name');
    const noteIntent = async (outputs: PropertyMap) => {
      expect(await exists()).toBe('');
      noted = outputs;
    };
    const made = await create(configMapType, configMap('begun', { a: '1' }), { noteIntent });
    const call = callFor(configMapType);
    const recovered = await provider.recover({ ...call, inputs: made.inputs, noted });
    expect(recovered).toEqual({ id: made.id, outputs: made.outputs });
    const stranger = { __fieldManager: 'pulumi-kubernetes-00000000' };
    expect(await provider.recover({ ...call, inputs: made.inputs, noted: stranger })).toBeUndefined();
  });

  test('one that cannot become ready fails with the object recorded and the reason', async () => {
    const call = callFor(deploymentType);
    const stuck = create(deploymentType, deployment('stuck', { nodeSelector: { no: 'such' } }), { timeout: 4, call });
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
    const stopped = create(deploymentType, deployment('stopped', { nodeSelector: { no: 'such' } }), {
      call: { ...call, status },
    });
    await expect(stopped).rejects.toThrow(/created, but waiting was interrupted/);
    expect(await kubectl('-n', 'tests', 'get', 'deploy', 'stopped', '-o', 'name')).toContain('stopped');
  });

  test('an unreachable API server is named with its context', async () => {
    const elsewhere = readFileSync(cluster.kubeconfig, 'utf8').replace(cluster.server, 'https://127.0.0.1:1');
    const lost = await configured({ kubeconfig: elsewhere });
    const inputs = configMap('nowhere', {});
    const creating = create(configMapType, inputs, { with: lost, preview: true });
    await expect(creating).rejects.toThrow(/cannot reach .* https:\/\/127.0.0.1:1 \(context "aios-embedded"\)/);
  });
});

describe('preview', () => {
  test('shows what the API server would make of the inputs, and changes nothing', async () => {
    const { outputs, id } = await create(deploymentType, deployment('previewed'), { preview: true });
    expect(id).toBe('');
    expect(getPath(outputs, ['spec', 'revisionHistoryLimit'])).toBe(10);
    expect(getPath(outputs, ['metadata', 'uid'])).toBeInstanceOf(Unknown);
    expect(await kubectl('-n', 'tests', 'get', 'deploy', 'previewed', '--ignore-not-found', '-o', 'name')).toBe('');
  });

  test('fails where the API server would refuse', async () => {
    const wrong = setPath(deployment('refused'), ['spec', 'replica'], 3);
    await expect(create(deploymentType, wrong, { preview: true })).rejects.toThrow(
      /Deployment tests\/refused.*replica/,
    );
    const invalid = setPath(deployment('refused'), ['spec', 'replicas'], -1);
    await expect(create(deploymentType, invalid, { preview: true })).rejects.toThrow(/spec.replicas/);
  });

  test('trusts the inputs where the run itself makes what is missing', async () => {
    const inputs = setPath(configMap('later', { a: '1' }), ['metadata', 'namespace'], 'not-there-yet');
    const { outputs } = await create(configMapType, inputs, { preview: true });
    expect(outputs.data).toEqual({ a: '1' });
    const undecided = await create(configMapType, configMap('later', { a: unknown }), { preview: true });
    expect(getPath(undecided.outputs, ['data', 'a'])).toBeInstanceOf(Unknown);
  });
});

describe('update', () => {
  test('a field that leaves the program leaves the object', async () => {
    const made = await create(configMapType, configMap('shrinking', { a: '1', b: '2' }));
    const updated = await update(made, configMap('shrinking', { a: '1' }));
    expect(updated.outputs.data).toEqual({ a: '1' });
    expect(fieldManager(updated)).toBe(fieldManager(made));
  });

  test('also from an object that the pulumi CLI created, which owns its fields by an update', async () => {
    const inputs = configMap('from-cli', { a: '1', b: '2' });
    const manifest = path.join(directory, 'from-cli.json');
    writeFileSync(manifest, JSON.stringify(inputs));
    await kubectl('create', '--field-manager=pulumi-kubernetes', '-f', manifest);
    const live = JSON.parse(await kubectl('-n', 'tests', 'get', 'configmap', 'from-cli', '-o', 'json')) as PropertyMap;
    const outputs = {
      ...live,
      __inputs: inputs,
      __initialApiVersion: 'v1',
      __fieldManager: 'pulumi-kubernetes-1e5d91ae',
    };
    const state = { type: configMapType, id: 'tests/from-cli', inputs, outputs };
    const next = configMap('from-cli', { a: '9' });
    await expect(update(state, next, { preview: true })).resolves.toBeDefined();
    expect((await update(state, next)).outputs.data).toEqual({ a: '9' });
  });

  test('a field of another manager is a conflict that names field, manager and fix; patchForce takes it', async () => {
    const made = await create(configMapType, configMap('disputed', { a: '1' }));
    await kubectl(
      '-n',
      'tests',
      'patch',
      'configmap',
      'disputed',
      '--field-manager=somebody',
      '-p',
      '{"data":{"a":"2"}}',
    );
    expect(await drift(made)).toEqual(['data.a']);
    const next = configMap('disputed', { a: '3' });
    const conflict =
      /ConfigMap tests\/disputed.*\n +\.data\.a is set by "somebody"\n.*pulumi.com\/patchForce.*ignoreChanges/;
    await expect(update(made, next)).rejects.toThrow(conflict);
    await expect(update(made, next, { preview: true })).rejects.toThrow(conflict);
    const forced = await update(made, configMap('disputed', { a: '3' }, { 'pulumi.com/patchForce': 'true' }));
    expect(forced.outputs.data).toEqual({ a: '3' });
  });

  test('replicas under ignoreChanges stay with the autoscaler that set them', async () => {
    const made = await create(deploymentType, deployment('scaled'));
    await kubectl('-n', 'tests', 'scale', 'deploy/scaled', '--replicas=3');
    const next = setPath(made.inputs, ['spec', 'template', 'spec', 'terminationGracePeriodSeconds'], 5);
    const updated = await update(made, next, { ignoreChanges: ['spec.replicas'] });
    expect(getPath(updated.outputs, ['spec', 'replicas'])).toBe(3);
  });

  test('an object that has gone is not made anew behind the state', async () => {
    const made = await create(configMapType, configMap('lost', { a: '1' }));
    await kubectl('-n', 'tests', 'delete', 'configmap', 'lost');
    await expect(update(made, configMap('lost', { a: '2' }))).rejects.toThrow(/does not exist any more.*refresh/);
    expect(await read(made)).toBeUndefined();
  });
});

describe('read', () => {
  const resources: [string, PropertyMap][] = [
    [
      'kubernetes:apps/v1:Deployment',
      deployment('quiet', {
        hostNetwork: false,
        automountServiceAccountToken: false,
        initContainers: [],
        securityContext: {},
        volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '1024Mi' } }],
        containers: [
          {
            name: 'main',
            image: 'example/app:1',
            args: [],
            env: [{ name: 'EMPTY', value: '' }],
            resources: { requests: { cpu: '0.5', memory: '1024Mi' }, limits: { cpu: 1 } },
            volumeMounts: [{ name: 'tmp', mountPath: '/tmp', readOnly: false }],
          },
        ],
      }),
    ],
    [
      'kubernetes:apps/v1:StatefulSet',
      {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: 'quiet', namespace: 'tests' },
        spec: {
          replicas: 1,
          serviceName: 'quiet',
          selector: { matchLabels: { app: 'quiet-set' } },
          template: {
            metadata: { labels: { app: 'quiet-set' } },
            spec: { containers: [{ name: 'main', image: 'example/db:1' }] },
          },
          volumeClaimTemplates: [],
        },
      },
    ],
    [
      'kubernetes:core/v1:Service',
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'quiet', namespace: 'tests' },
        spec: { type: 'NodePort', clusterIP: '', selector: { app: 'quiet' }, ports: [{ port: 80, targetPort: 8080 }] },
      },
    ],
    [
      'kubernetes:policy/v1:PodDisruptionBudget',
      {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'quiet', namespace: 'tests' },
        spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'quiet' } } },
      },
    ],
    [
      'kubernetes:networking.k8s.io/v1:NetworkPolicy',
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'quiet', namespace: 'tests' },
        spec: {
          podSelector: {},
          policyTypes: ['Ingress'],
          ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }],
        },
      },
    ],
    [
      'kubernetes:core/v1:PersistentVolume',
      {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: 'quiet' },
        spec: {
          capacity: { storage: '1024Mi' },
          accessModes: ['ReadWriteOnce'],
          storageClassName: '',
          persistentVolumeReclaimPolicy: 'Retain',
          hostPath: { path: '/mnt/quiet' },
          claimRef: { name: 'quiet', namespace: 'tests' },
        },
      },
    ],
    [
      'kubernetes:core/v1:PersistentVolumeClaim',
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'quiet', namespace: 'tests' },
        spec: {
          accessModes: ['ReadWriteOnce'],
          storageClassName: '',
          volumeName: 'quiet',
          resources: { requests: { storage: '1Gi' } },
        },
      },
    ],
    [
      'kubernetes:rbac.authorization.k8s.io/v1:Role',
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: 'quiet', namespace: 'tests' },
        rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
      },
    ],
    [configMapType, configMap('quiet', { a: '', b: '1.0' })],
    [
      'kubernetes:core/v1:Secret',
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'quiet', namespace: 'tests' },
        stringData: { password: new Secret('geheim') },
      },
    ],
    [
      'kubernetes:core/v1:NodePatch',
      { apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker-2', labels: { quiet: 'yes' } } },
    ],
  ];

  test('finds no drift in what nobody touched, whatever the API server and controllers added', async () => {
    const made: Resource[] = [];
    for (const [type, inputs] of resources) made.push(await create(type, inputs));
    for (const resource of made) {
      const found = await read(resource);
      expect(found?.inputs).toEqual(resource.inputs);
      expect(await drift(resource)).toEqual([]);
    }
  });

  test('finds what was changed or removed by hand, and an update repairs it', async () => {
    const made = await create(deploymentType, deployment('drifting'));
    await kubectl('-n', 'tests', 'set', 'image', 'deploy/drifting', 'main=example/app:2');
    expect(await drift(made)).toEqual(['spec.template.spec.containers[0].image']);
    const role = await create('kubernetes:rbac.authorization.k8s.io/v1:Role', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'widened', namespace: 'tests', annotations: { 'pulumi.com/patchForce': 'true' } },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
    });
    const wider = '[{"op":"add","path":"/rules/-","value":{"apiGroups":[""],"resources":["secrets"],"verbs":["*"]}}]';
    await kubectl('-n', 'tests', 'patch', 'role', 'widened', '--type=json', '-p', wider);
    expect(await drift(role)).toEqual(['rules[1]']);
    await update(role, role.inputs);
    expect(await drift(role)).toEqual([]);
  });

  test('Secret data stays secret in inputs, outputs and what is remembered of the inputs', async () => {
    const made = await create('kubernetes:core/v1:Secret', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'hidden', namespace: 'tests' },
      stringData: { password: 'geheim' },
    });
    const found = await read(made);
    for (const properties of [made.inputs, made.outputs, found?.inputs, found?.outputs]) {
      const places: (Value | undefined)[] = [properties?.data];
      if (isPropertyMap(properties?.__inputs)) places.push(properties.__inputs.data);
      for (const place of places) expect(place).toBeInstanceOf(Secret);
      expect(properties?.stringData).toBeUndefined();
    }
  });

  test('an import takes everything that is not the server’s own', async () => {
    await kubectl('-n', 'tests', 'create', 'configmap', 'imported', '--from-literal=a=1');
    const found = await read({ type: configMapType, id: 'tests/imported', inputs: {}, outputs: {} });
    expect(found?.inputs).toEqual(configMap('imported', { a: '1' }));
    expect(getPath(found?.outputs ?? {}, ['metadata', 'uid'])).toEqual(expect.any(String));
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
    JSON.parse(await kubectl('get', 'node', 'worker-3', '-o', 'jsonpath={.metadata.labels}')) as PropertyMap;

  test('set their fields, and give them up in the end', async () => {
    const made = await create(type, node({ registry: 'yes', metrics: 'yes' }));
    expect(made.id).toBe('worker-3');
    expect(await labels()).toMatchObject({ registry: 'yes', metrics: 'yes' });
    const updated = await update(made, node({ registry: 'yes' }));
    expect(await labels()).not.toHaveProperty('metrics');
    await remove(updated);
    expect(await labels()).not.toHaveProperty('registry');
    expect(await labels()).toHaveProperty(['kubernetes.io/hostname'], 'worker-3');
  });

  test('need their object to create, not to delete', async () => {
    await expect(create(type, node({ a: 'b' }, 'worker-99'))).rejects.toThrow(/Node worker-99 does not exist/);
    expect(await kubectl('get', 'node', 'worker-99', '--ignore-not-found', '-o', 'name')).toBe('');
    const gone = { type, id: 'worker-99', inputs: node({ a: 'b' }, 'worker-99'), outputs: {} };
    await expect(remove(gone)).resolves.toBeUndefined();
  });
});

describe('delete', () => {
  test('waits until the object and its pods are gone, and does not mind that it went before', async () => {
    const made = await create(deploymentType, deployment('deleted'));
    await remove(made);
    expect(await kubectl('-n', 'tests', 'get', 'deploy,rs,pods', '-l', 'app=deleted', '-o', 'name')).toBe('');
    await expect(remove(made)).resolves.toBeUndefined();
  });

  test('leaves what somebody made again under the same name', async () => {
    const made = await create(configMapType, configMap('remade', { a: '1' }));
    await kubectl('-n', 'tests', 'delete', 'configmap', 'remade');
    await kubectl('-n', 'tests', 'create', 'configmap', 'remade', '--from-literal=theirs=1');
    const call = callFor(configMapType);
    await remove(made, call);
    expect(call.told.join()).toMatch(/ConfigMap tests\/remade is another object/);
    expect(await kubectl('-n', 'tests', 'get', 'configmap', 'remade', '-o', 'jsonpath={.data.theirs}')).toBe('1');
  });

  test('names the finalizers that hold the object', async () => {
    const made = await create(configMapType, configMap('held', { a: '1' }));
    await kubectl(
      '-n',
      'tests',
      'patch',
      'configmap',
      'held',
      '-p',
      '{"metadata":{"finalizers":["example.com/hold"]}}',
    );
    const abort = new AbortController();
    const call = callFor(configMapType, abort.signal);
    const deleting = remove(made, { ...call, status: () => abort.abort() });
    await expect(deleting).rejects.toThrow(/tests\/held: interrupted .*example.com\/hold/);
    await kubectl(
      '-n',
      'tests',
      'patch',
      'configmap',
      'held',
      '--type=merge',
      '-p',
      '{"metadata":{"finalizers":null}}',
    );
  });
});
