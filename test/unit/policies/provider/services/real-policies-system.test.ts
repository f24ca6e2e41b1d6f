import { Engine, type Managed } from '../managed';
import { RealNetwork } from '../real-network';

const sha256 = 'a'.repeat(64);
const policy = { name: 'p', version: 'v1', type: 'pre-check', code: { url: 'http://code.example/p.tar.gz', sha256 } };
const executor = { executorId: 'executor-001', clusterPublicIp: '203.0.113.7' };
const other = { policy_rule_uri: 'other:v1-stable', name: 'other', resource_estimates: {} };
const old = { policy_rule_uri: 'old:v1-stable', name: 'old' };

let network: RealNetwork;
let engine: Engine;

beforeEach(async () => {
  network = new RealNetwork();
  engine = new Engine(await network.start());
});
afterEach(() => network.stop());

const kinds = [
  ['Policy', policy],
  ['PolicyExecutor', executor],
] as const;

async function made(kind: (typeof kinds)[number][0], inputs: (typeof kinds)[number][1]): Promise<Managed> {
  const resource = engine.resource(kind);
  await resource.up(inputs);
  return resource;
}

describe.each(kinds)('%s', (kind, inputs) => {
  test('stays in the state while the database fails at once, and nothing else is concluded either', async () => {
    const resource = await made(kind, inputs);
    const { state } = resource;
    network.databaseFails = true;
    await expect(resource.refresh()).rejects.toThrow(/finds no entry at all and stores none .*nothing is concluded/);
    expect(resource.state).toBe(state);
    await expect(resource.destroy()).rejects.toThrow('nothing is concluded');
    await expect(engine.resource(kind).up(inputs)).rejects.toThrow('success: false');
    network.databaseFails = false;
    expect(await resource.refresh()).toBe('read');
    expect(await resource.up(inputs)).toBe('same');
  });

  test('is gone from a policies system that is empty and well, which a canary shows and leaves', async () => {
    const resource = await made(kind, inputs);
    network.policies = [];
    network.executors = [];
    expect(await resource.refresh()).toBe('gone');
    expect([...network.policies, ...network.executors]).toEqual([]);
  });

  test('that is gone can be deleted', async () => {
    const resource = await made(kind, inputs);
    network.policies = [];
    network.executors = [];
    await resource.destroy();
    expect([...network.policies, ...network.executors]).toEqual([]);
  });

  test('is not taken for gone where the database fails between two answers', async () => {
    const resource = await made(kind, inputs);
    let answers = 0;
    Object.defineProperty(network, 'databaseFails', { get: () => answers++ === 0 });
    await expect(resource.refresh()).rejects.toThrow('at one time and not at another');
  });
});

test('a policy is found to be gone beside another, without a canary', async () => {
  const resource = await made('Policy', policy);
  network.policies = [other];
  network.calls.length = 0;
  expect(await resource.refresh()).toBe('gone');
  expect(network.calls.filter((call) => call === 'POST /policy')).toEqual([]);
});

test('an entry of an older release is in nobody’s way', async () => {
  network.policies = [old];
  const resource = await made('Policy', policy);
  expect(await resource.refresh()).toBe('read');
  network.policies = [old];
  expect(await resource.refresh()).toBe('gone');
  expect(network.policies).toEqual([old]);
  await (await made('Policy', policy)).destroy();
  expect(network.policies).toEqual([old]);
  await expect(engine.resource('Policy').import('old:v1-stable')).rejects.toThrow(
    "'resource_estimates', as an entry that it stores has no resource_estimates",
  );
});
