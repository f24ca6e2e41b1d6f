import type { InProcessNetwork } from '../../../../../embedded/network';
import { containsSecret } from '../../../../../policies/provider/wire/value';
import { send } from '../../../embedded/network/client';
import { withNetwork } from '../../../embedded/network/temporary-network';
import { Engine, timeScale } from '../managed';
import { RealNetwork } from '../real-network';

const kubeconfig = (server: string, token = 'verysecrettoken') => `
apiVersion: v1
kind: Config
clusters: [{ name: c, cluster: { server: "${server}" } }]
users: [{ name: u, user: { token: ${token} } }]
contexts: [{ name: x, context: { cluster: c, user: u } }]
current-context: x
`;
const infrastructure = { kubeconfig: kubeconfig('https://one.example:6443'), maxProcesses: 4 };
const wanted = (changes: Record<string, unknown> = {}) =>
  ({
    executorId: 'executor-001',
    clusterPublicIp: '203.0.113.7',
    metadata: { os: 'linux' },
    hardware: { vcpus: 16 },
    ...changes,
  }) as never;

const within = (test: (network: InProcessNetwork, engine: Engine) => Promise<void>) =>
  withNetwork({ timeScale }, (network) => test(network, new Engine(network)));

/** What was done about infrastructure, in order. */
const infraCalls = (network: InProcessNetwork) =>
  network.requests('policiesSystem').flatMap(({ path, body }) => {
    const [, action] = path.endsWith('-infra') ? path.split('executor-001/') : [];
    return action === undefined
      ? []
      : [[action, (body as { cluster_config: { clusters: unknown } }).cluster_config.clusters]];
  });

const clustersOf = (server: string) => [{ name: 'c', cluster: { server } }];

test('an executor is registered, updated with its status kept, and removed', () =>
  within(async (network, engine) => {
    const executor = engine.resource('PolicyExecutor');
    await executor.up(wanted());
    expect(network.executors()).toEqual([
      expect.objectContaining({ executor_id: 'executor-001', executor_host_uri: 'http://203.0.113.7:30900' }),
    ]);
    await send(network.policiesSystem, 'PUT', '/executor/executor-001', {
      ...network.executors()[0],
      executor_status: 'ill',
    });
    expect(await executor.up(wanted({ clusterPublicIp: 'executor.example', hardware: { vcpus: 32 } }))).toBe('updated');
    expect(network.executors()).toEqual([
      {
        executor_id: 'executor-001',
        executor_host_uri: 'http://executor.example:30900',
        executor_metadata: { os: 'linux', aios_network_urn: engine.urn },
        executor_hardware_info: { vcpus: 32 },
        executor_status: 'ill',
      },
    ]);
    await executor.destroy();
    expect(network.executors()).toEqual([]);
  }));

test('an executor that a hand has changed is shown and repaired; one that has gone is made anew', () =>
  within(async (network, engine) => {
    const executor = engine.resource('PolicyExecutor');
    await executor.up(wanted());
    const changed = { ...network.executors()[0], executor_host_uri: 'http://198.51.100.1:30900' };
    await send(network.policiesSystem, 'PUT', '/executor/executor-001', changed);
    await executor.refresh();
    expect(executor.changesTo(wanted())).toEqual(['clusterPublicIp']);
    await executor.up(wanted());

    await send(network.policiesSystem, 'DELETE', '/executor/executor-001');
    expect(await executor.refresh()).toBe('gone');
    expect(await executor.up(wanted())).toBe('created');
  }));

test('an executor of other data is not taken over, and duplicates are reported', () =>
  within(async (network, engine) => {
    await engine.resource('PolicyExecutor').up(wanted());
    engine.urn = 'urn:pulumi:other::somebody::aios:governance:PolicyExecutor::theirs';
    const other = engine.resource('PolicyExecutor');
    await expect(other.up(wanted({ clusterPublicIp: '203.0.113.8' }))).rejects.toThrow(
      'is registered already, with other data',
    );

    network.seed({ executors: [{ ...network.executors()[0] }] });
    await other.import('executor-001');
    expect(engine.warnings.join()).toContain('executor executor-001 is registered 2 times');
    expect(other.changesTo(wanted())).toEqual([]);
  }));

test('an executor that a killed run of ours has begun is taken up, though the wish has changed since', () =>
  within(async (network, engine) => {
    await engine.resource('PolicyExecutor').up(wanted({ infrastructure }));
    const executor = engine.resource('PolicyExecutor');
    expect(await executor.up(wanted({ clusterPublicIp: '203.0.113.8', infrastructure }))).toBe('created');
    expect(network.executors()).toEqual([expect.objectContaining({ executor_host_uri: 'http://203.0.113.8:30900' })]);
    expect(infraCalls(network).map(([action]) => action)).toEqual(['create-infra', 'remove-infra', 'create-infra']);
  }));

describe('infrastructure on a cluster without Ambassador', () => {
  const missingKind = {
    status: 500,
    body: { success: false, message: '(404)\nReason: Not Found\nHTTP response body: 404 page not found\n' },
  };
  let network: RealNetwork;
  let engine: Engine;

  beforeEach(async () => {
    network = new RealNetwork();
    engine = new Engine(await network.start());
    network.infrastructure = () => missingKind;
  });
  afterEach(() => network.stop());
  const removals = () => network.calls.filter((call) => call.startsWith('DELETE')).length;

  test('is named with what it lacks, and what was made of it is removed with the executor', async () => {
    const executor = engine.resource('PolicyExecutor');
    await expect(executor.up(wanted({ infrastructure }))).rejects.toThrow(
      /does not know Mappings of Ambassador \(getambassador.io\/v2\).*install Ambassador/,
    );
    expect(executor.output('hasInfrastructure')).toBe(false);
    await executor.destroy();
    expect(network.calls.at(-2)).toBe('DELETE /executor/executor-001/remove-infra');
    expect(network.executors).toEqual([]);
    expect(engine.warnings).toEqual([]);
  });

  test('is cleaned away before it is made again, once Ambassador is there', async () => {
    const executor = engine.resource('PolicyExecutor');
    await expect(executor.up(wanted({ infrastructure }))).rejects.toThrow('Ambassador');
    network.infrastructure = (call) => (call === 'remove-infra' ? missingKind : { body: { success: true } });
    expect(await executor.up(wanted({ infrastructure }))).toBe('updated');
    expect([executor.output('hasInfrastructure'), removals()]).toEqual([true, 1]);
  });

  test('does not hold up the removal of an executor whose cluster was never reached', async () => {
    const executor = engine.resource('PolicyExecutor');
    const unreachable = { status: 500, body: { success: false, message: 'Max retries exceeded: Connection refused' } };
    network.infrastructure = () => unreachable;
    await expect(executor.up(wanted({ infrastructure }))).rejects.toThrow('Max retries');
    await executor.destroy();
    expect(network.executors).toEqual([]);
    expect(engine.warnings).toEqual([expect.stringContaining('never made as a whole')]);
  });

  test.each([
    ['deployments.apps \\"executor-executor-001\\" not found', 'its Deployment was gone already'],
    ['services \\"executor-svc-executor-001\\" not found', 'its Service was gone already'],
  ])('that a hand has removed in part is told: %s', async (message, warning) => {
    network.infrastructure = () => ({ body: { success: true } });
    const executor = engine.resource('PolicyExecutor');
    await executor.up(wanted({ infrastructure }));
    network.infrastructure = () => ({
      status: 500,
      body: { success: false, message: `(404) Reason: Not Found ${message}` },
    });
    await executor.destroy();
    expect(engine.warnings).toEqual([expect.stringContaining(warning)]);
  });
});

describe('infrastructure', () => {
  test('is created and removed with the kubeconfig as JSON, which stays a secret in the state', () =>
    within(async (network, engine) => {
      const executor = engine.resource('PolicyExecutor');
      await executor.up(wanted({ infrastructure }));
      expect(executor.output('hasInfrastructure')).toBe(true);
      expect(JSON.stringify(executor.state?.outputs)).not.toContain('verysecrettoken');
      expect(containsSecret(executor.state?.inputs.infrastructure ?? null)).toBe(true);
      await executor.destroy();
      const clusters = clustersOf('https://one.example:6443');
      expect(infraCalls(network)).toEqual([
        ['create-infra', clusters],
        ['remove-infra', clusters],
      ]);
    }));

  test('moves with its cluster, and stays where only the credentials change', () =>
    within(async (network, engine) => {
      const executor = engine.resource('PolicyExecutor');
      await executor.up(wanted({ infrastructure }));
      const renewed = { ...infrastructure, kubeconfig: kubeconfig('https://one.example:6443', 'anothertoken') };
      await executor.up(wanted({ infrastructure: renewed }));
      expect(infraCalls(network)).toHaveLength(1);
      await executor.up(
        wanted({ infrastructure: { ...infrastructure, kubeconfig: kubeconfig('https://two.example:6443') } }),
      );
      expect(infraCalls(network).slice(1)).toEqual([
        ['remove-infra', clustersOf('https://one.example:6443')],
        ['create-infra', clustersOf('https://two.example:6443')],
      ]);
    }));

  test('that fails half-way is cleaned away and made anew by the next run', () =>
    within(async (network, engine) => {
      const heal = network.inject(
        'policiesSystem',
        { kind: 'answer', status: 500, body: { success: false, message: 'port is already allocated' } },
        { matching: ({ path }) => path.endsWith('create-infra') },
      );
      const executor = engine.resource('PolicyExecutor');
      await expect(executor.up(wanted({ infrastructure }))).rejects.toThrow('port is already allocated');
      expect(network.executors()).toHaveLength(1);
      heal();
      expect(await executor.up(wanted({ infrastructure }))).toBe('updated');
      expect(infraCalls(network).map(([action]) => action)).toEqual(['create-infra', 'remove-infra', 'create-infra']);
      expect(executor.output('hasInfrastructure')).toBe(true);
    }));

  test('is refused with a kubeconfig that is none, without showing it', () =>
    within(async (_network, engine) => {
      const executor = engine.resource('PolicyExecutor');
      const up = executor.up(wanted({ infrastructure: { kubeconfig: 'hunter2: [', maxProcesses: 1 } }));
      await expect(up).rejects.toThrow(/^infrastructure.kubeconfig: \[secret\]: must be/);
    }));
});
