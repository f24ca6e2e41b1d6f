import { authorization, send } from '../client';
import { cluster, onboard } from '../policies';
import { withNetwork } from '../temporary-network';

const mapPath = '/pre-check-policies/get';
const updatePath = '/pre-check-policies/update';
const allow = 'return {"allowed": True, "input_data": input_data}';

describe('gateway processes', () => {
  it('CONTRACT 1, 5: return to their environment on a restart, each for itself', async () => {
    const gatewayEnvironment = { CLUSTER_CONTROLLER_GATEWAY_ACTIONS_MAP: '{"add_node":"kept"}' };
    await withNetwork({ gatewayReplicas: 3, gatewayEnvironment }, async (network) => {
      for (let replica = 0; replica < 3; replica += 1)
        await send(network.gateway, 'POST', updatePath, { add_block: 'x' });
      network.restartGateway(1);
      expect(network.gatewayMaps()).toEqual([{ add_block: 'x' }, { add_node: 'kept' }, { add_block: 'x' }]);
    });
  });

  it('answer in turn', async () => {
    await withNetwork({ gatewayReplicas: 2 }, async (network) => {
      await send(network.gateway, 'POST', updatePath, { add_block: 'x' });
      const maps = [await send(network.gateway, 'GET', mapPath), await send(network.gateway, 'GET', mapPath)];
      expect(maps.map(({ body }) => (body as { map: unknown }).map)).toEqual([{}, { add_block: 'x' }]);
    });
  });

  it('that crash on their environment leave connections unanswered', async () => {
    await withNetwork({ gatewayEnvironment: { CLUSTER_CONTROLLER_GATEWAY_ACTIONS_MAP: '{' } }, async (network) => {
      await expect(send(network.gateway, 'GET', mapPath)).rejects.toThrow('fetch failed');
    });
  });
});

describe('policy maps', () => {
  it.each([
    [null, "'NoneType' object is not iterable"],
    [7, "'int' object is not iterable"],
    ['ab', 'dictionary update sequence element #0 has length 1; 2 is required'],
    [[['a']], 'dictionary update sequence element #0 has length 1; 2 is required'],
    [[1], 'cannot convert dictionary update sequence element #0 to a sequence'],
  ])('CONTRACT 6: refuse %j, which Python cannot merge, and stay as they were', async (posted, error) => {
    await withNetwork({}, async (network) => {
      await send(network.gateway, 'POST', updatePath, { add_node: 'kept' });
      expect(await send(network.gateway, 'POST', updatePath, posted)).toEqual({ status: 500, body: { error } });
      expect(network.gatewayMaps()).toEqual([{ add_node: 'kept' }]);
    });
  });

  it('CONTRACT 4: poisoned by a list are healed by a restart', async () => {
    await withNetwork({}, async (network) => {
      await send(network.gateway, 'POST', updatePath, [['add_node', 'x']]);
      expect((await send(network.gateway, 'POST', updatePath, {})).body).toEqual({
        error: "'list' object has no attribute 'update'",
      });
      network.restartGateway();
      expect((await send(network.gateway, 'POST', updatePath, {})).status).toBe(200);
    });
  });

  it('CONTRACT 7, 8: of clusters are merged, kept over restarts, and lose keys only by an update of the cluster', async () => {
    await withNetwork({}, async (network) => {
      const query = '?cluster_id=c1';
      network.seed({ clusters: [{ id: 'c1', config: { publicHostname: 'h' } }] });
      await send(network.gateway, 'POST', `${updatePath}${query}`, { add_node: 'a' });
      await send(network.gateway, 'POST', `${updatePath}${query}`, { add_block: 'b' });
      network.restartGateway();
      expect((await send(network.gateway, 'GET', `${mapPath}${query}`)).body).toEqual({
        success: true,
        map: { add_node: 'a', add_block: 'b' },
      });
      await send(network.gateway, 'PUT', '/clusters/update/c1', { 'config.actionsPolicyMap': { add_block: 'b' } });
      expect(network.clusters()).toEqual([
        { id: 'c1', config: { publicHostname: 'h', actionsPolicyMap: { add_block: 'b' } } },
      ]);
      await send(network.gateway, 'PUT', '/clusters/update/c1', { config: { publicHostname: 'h' } });
      expect((await send(network.gateway, 'GET', `${mapPath}${query}`)).body).toEqual({ success: true, map: {} });
    });
  });

  it('CONTRACT 10: of unknown clusters are errors that name the registry', async () => {
    await withNetwork({}, async (network) => {
      const url = `${network.clustersRegistry}/clusters/nobody`;
      expect(await send(network.gateway, 'GET', `${mapPath}?cluster_id=nobody`)).toEqual({
        status: 500,
        body: { error: `HTTP error occurred: 404 Client Error: Not Found for url: ${url}` },
      });
    });
  });

  it('CONTRACT 13: want JSON of the right content type', async () => {
    await withNetwork({}, async (network) => {
      const post = async (contentType: string, body: string) => {
        const response = await fetch(network.gateway + updatePath, {
          method: 'POST',
          headers: { ...authorization(network.gateway), 'content-type': contentType },
          body,
        });
        return [response.status, ((await response.json()) as { error: string }).error.slice(0, 3)];
      };
      await expect(post('text/plain', '{}')).resolves.toEqual([500, '415']);
      await expect(post('application/json', '{')).resolves.toEqual([500, '400']);
      expect(await send(network.gateway, 'DELETE', mapPath)).toMatchObject({ status: 405 });
      expect(await send(network.gateway, 'GET', '/pre-check-policies')).toMatchObject({ status: 404 });
    });
  });
});

describe('pre-checks', () => {
  it('CONTRACT 18: let a policy change the cluster that is created', async () => {
    await withNetwork({}, async (network) => {
      const uri = await onboard(
        network,
        'tagger',
        'return {"allowed": True, "input_data": {**input_data, "tags": parameters["tags"]}}',
        { parameters: { tags: ['checked'] } },
      );
      await send(network.gateway, 'POST', updatePath, { create_cluster: uri });
      await send(network.gateway, 'POST', '/clusters/create', cluster('c1'));
      expect(network.clusters()).toMatchObject([{ id: 'c1', tags: ['checked'] }]);
    });
  });

  it.each([
    ['denies with a reason', 'return {"allowed": False, "input_data": "frozen"}', 'frozen'],
    ['raises', 'raise ValueError("no tags")', 'no tags'],
    ['returns no allowed', 'return {"input_data": input_data}', "'allowed'"],
  ])('CONTRACT 16: keep out a cluster whose policy %s', async (_, body, reason) => {
    await withNetwork({}, async (network) => {
      await send(network.gateway, 'POST', updatePath, { create_cluster: await onboard(network, 'rule', body) });
      expect(await send(network.gateway, 'POST', '/clusters/create', cluster('c1'))).toEqual({
        status: 500,
        body: { success: false, data: `Error occurred: cluster not allowed to be added: ${reason}` },
      });
      expect(network.clusters()).toEqual([]);
    });
  });

  it('CONTRACT 20: are passed by whoever calls the registry itself', async () => {
    await withNetwork({}, async (network) => {
      await send(network.gateway, 'POST', updatePath, { create_cluster: 'missing:v1-stable' });
      const direct = await send(network.clustersRegistry, 'POST', '/clusters', cluster('c1'));
      expect(direct).toMatchObject({ status: 200 });
    });
  });

  it('CONTRACT 32: run on the executor in remote mode, on executor-001 if none is named', async () => {
    const map = '{"create_cluster":"rule:v0.0.1-stable"}';
    const gatewayEnvironment = { POLICY_EXECUTION_MODE: 'remote', CLUSTER_CONTROLLER_GATEWAY_ACTIONS_MAP: map };
    await withNetwork({ gatewayEnvironment }, async (network) => {
      await onboard(network, 'rule', allow);
      await expect(send(network.gateway, 'POST', '/clusters/create', cluster('c1'))).resolves.toMatchObject({
        body: { data: expect.stringContaining('/executor/executor-001/execute_policy') as string },
      });
      network.seed({ executors: [{ executor_id: 'executor-001' }] });
      await expect(send(network.gateway, 'POST', '/clusters/create', cluster('c1'))).resolves.toMatchObject({
        status: 200,
      });
      const ran = network.requests('policiesSystem').map(({ path }) => path);
      expect(ran).toContain('/executor/executor-001/execute_policy');
    });
  });
});
