import { send } from './client';
import { cluster } from './policies';
import { withNetwork } from './temporary-network';

it('CONTRACT 53: an entry needs every field, and all that are missing are named', async () => {
  await withNetwork({}, async (network) => {
    const guide = { id: 'cluster-456', config: {}, nodes: { count: 0, nodeData: [] } };
    const { status, body } = await send(network.clustersRegistry, 'POST', '/clusters', guide);
    expect(status).toBe(500);
    const { error } = body as { error: string };
    expect(error).toMatch(/^Cluster validation failed: reputation: Path `reputation` is required\., clusterMetadata: /);
    expect(error.match(/is required/g)).toHaveLength(13);
    expect(network.clusters()).toEqual([]);
  });
});

it.each(Object.keys(cluster('c1')).filter((key) => !['config', 'tags'].includes(key)))(
  'CONTRACT 53: an entry without %s is refused',
  async (key) => {
    await withNetwork({}, async (network) => {
      const entry = Object.fromEntries(Object.entries(cluster('c1')).filter(([name]) => name !== key));
      const { status, body } = await send(network.clustersRegistry, 'POST', '/clusters', entry);
      expect([status, (body as { error: string }).error]).toEqual([500, expect.stringContaining(`\`${key}`)]);
    });
  },
);

it('CONTRACT 54: unknown fields are dropped, and values are cast or refused', async () => {
  await withNetwork({}, async (network) => {
    const entry = cluster('c1', {
      color: 'red',
      memory: '7',
      regionId: 5,
      gpus: { count: 1, memory: 2, modelNames: [] },
    });
    await send(network.clustersRegistry, 'POST', '/clusters', entry);
    expect(network.clusters()).toEqual([
      expect.objectContaining({ memory: 7, regionId: '5', gpus: { count: 1, memory: 2 } }),
    ]);
    expect(network.clusters()[0]).not.toHaveProperty('color');
    const error =
      'Cluster validation failed: memory: Cast to Number failed for value "x" (type string) at path "memory"';
    const wrong = cluster('c2', { memory: 'x' });
    const { status, body } = await send(network.clustersRegistry, 'POST', '/clusters', wrong);
    expect([status, (body as { error: string }).error.replaceAll('\\', '')]).toEqual([500, error]);
  });
});

it('CONTRACT 55: empty objects are in no answer, but for those in lists', async () => {
  await withNetwork({}, async (network) => {
    const map = { add_node: { policyRuleURI: 'u', parameters: {} }, remove_node: {} };
    const config = { actionsPolicyMap: map, list: [{}, { inner: {} }], nothing: null };
    const shown = { actionsPolicyMap: { add_node: { policyRuleURI: 'u' } }, list: [{}, {}], nothing: null };
    const created = await send(network.clustersRegistry, 'POST', '/clusters', cluster('c1', { config }));
    const read = await send(network.clustersRegistry, 'GET', '/clusters/c1');
    const updated = await send(network.clustersRegistry, 'PUT', '/clusters/c1', { config });
    const found = await send(network.clustersRegistry, 'POST', '/clusters/query', { query: { id: 'c1' } });
    const [listed] = found.body as unknown[];
    for (const body of [created.body, read.body, updated.body, listed]) {
      expect(body).toMatchObject({ id: 'c1', config: shown });
      expect((body as { config: object }).config).toEqual(shown);
      expect(body).not.toHaveProperty('clusterMetadata.nothing');
    }
    await send(network.clustersRegistry, 'PUT', '/clusters/c1', { config: { actionsPolicyMap: {} } });
    expect((await send(network.clustersRegistry, 'GET', '/clusters/c1')).body).not.toHaveProperty('config');
  });
});

it('CONTRACT 56: an update sets what the schema knows', async () => {
  await withNetwork({}, async (network) => {
    network.seed({ clusters: [cluster('c1')] });
    const put = (body: unknown) => send(network.clustersRegistry, 'PUT', '/clusters/c1', body);
    const update = {
      'config.actionsPolicyMap': { add_node: 'a' },
      'gpus.modelNames': ['x'],
      color: 'red',
      memory: '5',
    };
    await put(update);
    expect(network.clusters()).toEqual([
      { ...cluster('c1'), config: { actionsPolicyMap: { add_node: 'a' } }, memory: 5 },
    ]);
    await put({ $unset: { 'config.actionsPolicyMap': '' } });
    expect(network.clusters()).toMatchObject([{ config: {} }]);
    await expect(put({ $set: { memory: 'x' } })).resolves.toMatchObject({ status: 500 });
  });
});

it.each([
  [{ query: { id: 'c2' } }, ['c2']],
  [{ id: 'c2' }, ['c1', 'c2']],
  [{}, ['c1', 'c2']],
  [{ query: null }, ['c1', 'c2']],
])('CONTRACT 57: the query %j finds %j', async (body, ids) => {
  await withNetwork({}, async (network) => {
    network.seed({ clusters: [cluster('c1'), cluster('c2')] });
    const reply = await send(network.clustersRegistry, 'POST', '/clusters/query', body);
    expect((reply.body as { id: string }[]).map(({ id }) => id)).toEqual(ids);
  });
});

it('CONTRACT 58: an id is taken once, and a missing one is 404', async () => {
  await withNetwork({}, async (network) => {
    await send(network.clustersRegistry, 'POST', '/clusters', cluster('c1'));
    const again = await send(network.clustersRegistry, 'POST', '/clusters', cluster('c1'));
    expect([again.status, (again.body as { error: string }).error]).toEqual([500, expect.stringMatching(/^E11000 /)]);
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const body = method === 'PUT' ? {} : undefined;
      const missing = await send(network.clustersRegistry, method, '/clusters/c2', body);
      expect(missing).toEqual({ status: 404, body: { error: 'Cluster not found' } });
    }
  });
});

it.each([false, true])(
  'CONTRACT 59: without its database it fails (at once: %s), and never finds nothing',
  async (prompt) => {
    await withNetwork({}, async (network) => {
      network.seed({ clusters: [cluster('c1')] });
      network.inject('clustersRegistry', { kind: 'outage', prompt });
      for (const [method, path] of [
        ['POST', '/clusters/query'],
        ['GET', '/clusters/c1'],
        ['DELETE', '/clusters/c1'],
      ] as const) {
        await expect(send(network.clustersRegistry, method, path)).resolves.toMatchObject({ status: 500 });
      }
      expect(network.clusters()).toHaveLength(1);
    });
  },
);

it('CONTRACT 60: global-cluster-metrics knows who has reported, and calls the first report a failure', async () => {
  await withNetwork({}, async (network) => {
    const call = (method: string, body?: unknown) => send(network.clusterMetrics, method, '/cluster/c1', body);
    expect(await call('GET')).toEqual({ status: 400, body: { success: false, message: 'cluster not found' } });
    expect(await call('PUT', { load: 1 })).toEqual({
      status: 400,
      body: { success: false, error: 'No document found to update' },
    });
    expect((await call('GET')).body).toEqual({ success: true, data: { clusterId: 'c1', load: 1 } });
    await expect(call('PUT', { load: 2 })).resolves.toMatchObject({ status: 200 });
    await call('DELETE');
    await expect(call('GET')).resolves.toMatchObject({ status: 400 });
  });
});
