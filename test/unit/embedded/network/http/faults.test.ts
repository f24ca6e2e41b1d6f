import { send } from '../client';
import { policy } from '../policies';
import { withNetwork } from '../temporary-network';

const query = { method: 'POST', path: '/policy/query' } as const;

it('CONTRACT 49: an outage takes 30 s, in which nothing is read or written', async () => {
  await withNetwork({ timeScale: 0.01 }, async (network) => {
    network.inject('policiesSystem', { kind: 'outage' });
    const start = performance.now();
    expect((await send(network.policiesSystem, 'POST', '/policy', policy())).body).toEqual({
      success: false,
      message: 'Failed to create policy.',
    });
    expect(performance.now() - start).toBeGreaterThanOrEqual(295);
    expect(network.policies()).toEqual([]);
    network.heal();
    expect((await send(network.policiesSystem, query.method, query.path, {})).body).toEqual({
      success: true,
      data: [],
    });
  });
});

it.each([
  ['GET', '/policy/x', { success: false, message: 'Policy not found.' }],
  ['DELETE', '/executor/x', { success: false, message: 'Failed to delete executor.' }],
])('an outage makes %s %s look like a thing that is not there', async (method, path, body) => {
  await withNetwork({}, async (network) => {
    network.seed({ policies: [{ policy_rule_uri: 'x' }], executors: [{ executor_id: 'x' }] });
    network.inject('policiesSystem', { kind: 'outage' });
    expect(await send(network.policiesSystem, method, path)).toEqual({ status: 200, body });
  });
});

it('CONTRACT 50: a database that fails at once finds nothing at once', async () => {
  await withNetwork({ timeScale: 1 }, async (network) => {
    network.seed({ policies: [{ policy_rule_uri: 'x' }] });
    network.inject('policiesSystem', { kind: 'outage', prompt: true });
    const start = performance.now();
    expect((await send(network.policiesSystem, query.method, query.path, {})).body).toEqual({
      success: true,
      data: [],
    });
    expect((await send(network.policiesSystem, 'GET', '/policy/x')).body).toMatchObject({ success: false });
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

it('a dropped answer leaves what was done, a dropped request nothing', async () => {
  await withNetwork({}, async (network) => {
    network.inject('policiesSystem', { kind: 'drop', when: 'before' }, { times: 1 });
    await expect(send(network.policiesSystem, 'POST', '/policy', policy())).rejects.toThrow('fetch failed');
    expect(network.policies()).toHaveLength(0);
    network.inject('policiesSystem', { kind: 'drop', when: 'after' }, { times: 1 });
    await expect(send(network.policiesSystem, 'POST', '/policy', policy())).rejects.toThrow('fetch failed');
    expect(network.policies()).toHaveLength(1);
  });
});

it('a fault hits the requests of its scope, and no others', async () => {
  await withNetwork({}, async (network) => {
    const isUpdate = ({ path }: { path: string }) => path === '/pre-check-policies/update';
    network.inject('gateway', { kind: 'invalid json' }, { matching: isUpdate, after: 1, times: 1 });
    const bodies: unknown[] = [];
    for (const path of ['update', 'update', 'update']) {
      bodies.push((await send(network.gateway, 'POST', `/pre-check-policies/${path}`, { add_node: path })).body);
      await send(network.gateway, 'GET', '/pre-check-policies/get');
    }
    expect(bodies.map((body) => typeof body)).toEqual(['object', 'string', 'object']);
  });
});

it('a fault ends when it is told to', async () => {
  await withNetwork({}, async (network) => {
    const end = network.inject('clustersRegistry', { kind: 'answer', status: 503, body: { error: 'busy' } });
    expect(await send(network.clustersRegistry, 'GET', '/clusters/c1')).toEqual({
      status: 503,
      body: { error: 'busy' },
    });
    end();
    expect((await send(network.clustersRegistry, 'GET', '/clusters/c1')).status).toBe(404);
  });
});

it('the log has requests in their order, with bodies and outcomes', async () => {
  await withNetwork({}, async (network) => {
    network.inject('gateway', { kind: 'drop', when: 'after' }, { after: 1 });
    await send(network.gateway, 'POST', '/pre-check-policies/update?cluster_id=', { add_node: 'x' });
    await send(network.gateway, 'GET', '/pre-check-policies/get').catch(() => undefined);
    expect(network.requests('gateway')).toEqual([
      {
        method: 'POST',
        path: '/pre-check-policies/update',
        query: 'cluster_id=',
        body: { add_node: 'x' },
        status: 200,
      },
      { method: 'GET', path: '/pre-check-policies/get', query: '', status: 0 },
    ]);
  });
});
