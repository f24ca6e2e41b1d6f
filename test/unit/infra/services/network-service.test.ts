import * as pulumi from '@pulumi/pulumi';
import type { types } from '@pulumi/kubernetes';
import type { ServiceName } from '../../../../infra/catalogue';
import { NetworkService } from '../../../../infra/services/network-service';
import { networkConfig } from '../../../network-config';
import { type Registration, runProgram } from '../../../pulumi-mocks';

const database = {
  connectionSecret: pulumi.output('registry-connection'),
  connectionKey: (client: string) => client,
  publicKey: (client: string) => `${client}-public`,
  rotation: 0,
};

type Overrides = Partial<Record<ServiceName, Record<string, unknown>>>;

async function register(
  name: ServiceName,
  overrides: Overrides = {},
  { rotation = 0, ...rest }: { rotation?: number; redis?: unknown } = {},
): Promise<Registration[]> {
  const { services } = networkConfig({ services: { imageRegistry: 'registry.example.org', overrides, ...rest } });
  const config = services[name];
  if (config === undefined) throw new Error(`no ${name}`);
  const { resources } = await runProgram(() => {
    new NetworkService(name, { config, database: { ...database, rotation }, imagePullSecrets: ['pull'] }, {});
  });
  return resources;
}

function inputsOf(resources: Registration[], kind: string): Registration['inputs'] {
  const found = resources.find(({ inputs }) => inputs.kind === kind);
  if (found === undefined) throw new Error(`no ${kind}`);
  return found.inputs;
}

function deployment(resources: Registration[]): types.output.apps.v1.DeploymentSpec {
  return (inputsOf(resources, 'Deployment') as unknown as types.output.apps.v1.Deployment).spec;
}

test('the environment of the stack replaces variables in their place and adds others, sorted, at the end', async () => {
  const spec = deployment(
    await register('clusters-db', { 'clusters-db': { env: { ZONE: 'a', PORT: '1', LOG: 'x' } } }),
  );
  expect(spec.template.spec.containers[0]?.env).toEqual([
    { name: 'PORT', value: '1' },
    { name: 'MONGO_HOST_URL', valueFrom: { secretKeyRef: { name: 'registry-connection', key: 'clusters-db' } } },
    { name: 'LOG', value: 'x' },
    { name: 'ZONE', value: 'a' },
  ]);
});

test('a string without credentials is the one that is handed on to other clusters', async () => {
  const [container] = deployment(await register('policies-system')).template.spec.containers;
  const keys = container?.env.flatMap(({ name, valueFrom }: Partial<types.output.core.v1.EnvVar>) => {
    const source: Partial<types.output.core.v1.EnvVarSource> | undefined = valueFrom;
    return source?.secretKeyRef === undefined ? [] : [[name, source.secretKeyRef.key]];
  });
  expect(keys).toEqual([
    ['DB_URL', 'policies-system'],
    ['PUBLIC_DB_URL', 'policies-system-public'],
  ]);
});

test('a rotation of its passwords changes the pods, by its number and nothing secret, and only then', async () => {
  const before = deployment(await register('blocks-db')).template;
  const after = deployment(await register('blocks-db', {}, { rotation: 2 })).template;
  expect(before.metadata).not.toHaveProperty('annotations');
  expect(after.metadata.annotations).toEqual({ 'aios-network/credentials-rotation': '2' });
  expect(after.spec).toEqual(before.spec);
});

test('an override is for the service itself, not for its sidecars', async () => {
  const override = { tag: 'v9', env: { A: 'b' }, resources: { limits: { memory: '2Gi' } } };
  const { containers } = deployment(await register('tasks-db', { 'tasks-db': override })).template.spec;
  expect(containers.map(({ name, image }) => [name, image])).toEqual([
    ['tasks-db', 'registry.example.org/registries/task-service:v9'],
    ['status-writer', 'registry.example.org/registries/task-writer:latest'],
    ['redis', 'redis:7'],
  ]);
  expect(containers.map(({ resources }) => resources.limits.memory)).toEqual(['2Gi', '1Gi', '1Gi']);
});

test('several replicas are spread over hosts and drained one at a time; a single one has no budget', async () => {
  const several = await register('parser', { parser: { replicas: 2 } });
  expect(deployment(several).template.spec.topologySpreadConstraints).toMatchObject([
    { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'parser' } } },
  ]);
  const budget = inputsOf(several, 'PodDisruptionBudget');
  expect(budget.spec).toMatchObject({ maxUnavailable: 1, selector: { matchLabels: { app: 'parser' } } });

  const single = await register('parser');
  expect(single.filter(({ inputs: { kind } }) => kind === 'PodDisruptionBudget')).toEqual([]);
});

test('a service that keeps data in its pod never runs twice during an update', async () => {
  expect(deployment(await register('metrics-redis')).strategy).toEqual({ type: 'Recreate' });
  expect(deployment(await register('parser')).strategy.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
});

test('a network policy opens the ports of the Service and no port of a sidecar', async () => {
  const policy = inputsOf(await register('tasks-db'), 'NetworkPolicy');
  expect(policy.spec).toMatchObject({ ingress: [{ ports: [{ port: 8000, protocol: 'TCP' }] }] });
});

test('probes leave the websocket port alone, whose server would log each as a failed handshake', async () => {
  const [container] = deployment(await register('resource-allocator')).template.spec.containers;
  expect(container?.readinessProbe.tcpSocket.port).toBe(7777);
});

test('what is known of the redis image is not said of another one', async () => {
  const strict = deployment(await register('metrics-redis')).template.spec;
  expect(strict.containers[0]?.securityContext).toMatchObject({ runAsNonRoot: true, readOnlyRootFilesystem: true });
  const other = deployment(await register('metrics-redis', { 'metrics-redis': { image: 'valkey:8' } })).template.spec;
  expect(other.containers[0]?.securityContext).not.toHaveProperty('runAsUser');
});

test("the user of a service's own images is the stack's to name; what is known of a sidecar's stays", async () => {
  const pods = deployment(await register('tasks-db', { 'tasks-db': { runAsUser: 1001 } })).template.spec;
  const contexts = pods.containers.map(({ securityContext: context }) => [
    context.runAsUser,
    context.runAsNonRoot,
    context.capabilities,
    context.readOnlyRootFilesystem,
  ]);
  const none = { drop: ['ALL'] };
  expect(contexts).toEqual([
    [1001, true, none, undefined],
    [1001, true, none, undefined],
    [999, true, none, true],
  ]);
});

describe('redis', () => {
  const argsOf = async (name: ServiceName, overrides: Overrides = {}, redis: Record<string, unknown> = {}) => {
    const { containers } = deployment(await register(name, overrides, { redis })).template.spec;
    return containers.find((container) => container.name === 'redis')?.args;
  };
  const bound = (bytes: number) => ['--maxmemory', `${bytes}`, '--maxmemory-policy', 'noeviction'];
  const GIB = 2 ** 30;

  test('refuses writes before its limit; snapshots, where there are any, have room beside the data', async () => {
    expect(await argsOf('metrics-redis')).toEqual([...bound(0.75 * GIB), '--save', '']);
    expect(await argsOf('tasks-db')).toEqual(bound(0.5 * GIB));
    expect(await argsOf('vdag-processor')).toEqual(bound(0.5 * GIB));
  });

  test('follows its limit, or the bound of the stack', async () => {
    const large = { 'metrics-redis': { resources: { limits: { memory: '4Gi' } } } };
    expect(await argsOf('metrics-redis', large)).toEqual([...bound(3 * GIB), '--save', '']);
    expect(await argsOf('tasks-db', {}, { resources: { limits: { memory: '512Mi' } } })).toEqual(bound(GIB / 4));
    expect(await argsOf('tasks-db', {}, { maxMemory: '100Mi' })).toEqual(bound(100 * 2 ** 20));
  });

  test('of another image gets no arguments', async () => {
    expect(await argsOf('metrics-redis', { 'metrics-redis': { image: 'dragonfly:1' } })).toBeUndefined();
  });
});

test('a service that has to be gone before it starts again stops at once', async () => {
  expect(deployment(await register('tasks-db')).template.spec.terminationGracePeriodSeconds).toBe(5);
  expect(deployment(await register('parser')).template.spec).not.toHaveProperty('terminationGracePeriodSeconds');
});
