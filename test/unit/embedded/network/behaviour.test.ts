import { BUGS, type BugName, type InProcessNetwork } from '../../../../embedded/network';
import { parseBehaviour } from '../../../../embedded/network/behaviour';
import { send, type Reply } from './client';
import { cluster, onboard, policy } from './policies';
import { withNetwork } from './temporary-network';

const update = (network: InProcessNetwork, body: unknown, query = '') =>
  send(network.gateway, 'POST', `/pre-check-policies/update${query}`, body);
const read = async (network: InProcessNetwork, query = '') =>
  ((await send(network.gateway, 'GET', `/pre-check-policies/get${query}`)).body as { map: unknown }).map;
const isRefused = ({ body }: Reply) => !(body as { success: boolean }).success;
const missing = 'missing:v0.0.1-stable';

/** For each bug a way to see whether it is there. */
const probes: Record<BugName, (network: InProcessNetwork) => Promise<boolean>> = {
  mapReplaced: async (network) => {
    await update(network, { add_node: 'a' });
    const answer = await update(network, { remove_node: 'b' });
    expect(answer.body).toEqual({ success: true, map: { add_node: 'a', remove_node: 'b' } });
    return !Object.hasOwn((await read(network)) as object, 'add_node');
  },
  emptyStaysInNetworkMap: async (network) => {
    await update(network, { add_node: '' });
    return Object.hasOwn((await read(network)) as object, 'add_node');
  },
  emptyStaysInClusterMap: async (network) => {
    await update(network, { add_node: '' }, '?cluster_id=c1');
    return Object.hasOwn((await read(network, '?cluster_id=c1')) as object, 'add_node');
  },
  listPoisonsMap: async (network) => {
    await update(network, [['add_node', 'a']]);
    const later = await update(network, { add_node: 'b' });
    return later.status === 500;
  },
  mapInProcess: async (network) => {
    await update(network, { add_node: 'a' });
    const [first, second] = network.gatewayMaps();
    network.restartGateway();
    return JSON.stringify(first) !== JSON.stringify(second) && JSON.stringify(network.gatewayMaps()) === '[{},{}]';
  },
  lostUpdates: async (network) => {
    const keys = Array.from({ length: 20 }, (_, index) => `action_${index}`);
    await Promise.all(keys.map((key) => update(network, { [key]: key }, '?cluster_id=c1')));
    return Object.keys((await read(network, '?cluster_id=c1')) as object).length < 20;
  },
  unescapedId: async (network) => {
    network.seed({ clusters: [{ id: 'x/../c1', config: { actionsPolicyMap: { add_node: 'another' } } }] });
    await update(network, { add_node: 'mine' }, `?cluster_id=${encodeURIComponent('x/../c1')}`);
    return JSON.stringify(await read(network, '?cluster_id=c1')) === '{"add_node":"mine"}';
  },
  plainUriBreaksNodes: async (network) => {
    await update(network, { add_node: missing });
    const { body } = await send(network.gateway, 'POST', '/pre-checks/add-node/c1', { id: 'n1' });
    return (body as { error: string }).error === "'str' object has no attribute 'get'";
  },
  emptyUriDenies: async (network) => {
    network.rolloutGateway({ CLUSTER_CONTROLLER_GATEWAY_ACTIONS_MAP: '{"remove_cluster":""}' });
    return isRefused(await send(network.gateway, 'DELETE', '/clusters/delete/c1'));
  },
  createClusterKey: async (network) => {
    await update(network, { add_cluster: missing });
    return !isRefused(await send(network.gateway, 'POST', '/clusters/create', cluster('c2')));
  },
  bareClusterInput: async (network) => {
    const uri = await onboard(
      network,
      'wrapped',
      'return {"allowed": "cluster_data" in input_data, "input_data": input_data}',
    );
    await update(network, { create_cluster: uri, add_cluster: uri });
    return isRefused(await send(network.gateway, 'POST', '/clusters/create', cluster('c2')));
  },
  unconsultedActions: async (network) => {
    await update(network, { update_cluster: missing, add_block: missing });
    const replies = await Promise.all([
      send(network.gateway, 'PUT', '/clusters/update/c1', { status: 'live' }),
      send(network.gateway, 'POST', '/controller/createBlock/c1', {}),
    ]);
    expect(isRefused(replies[0])).toBe(isRefused(replies[1]));
    return !isRefused(replies[0]);
  },
  duplicatePolicies: async (network) => {
    await send(network.policiesSystem, 'POST', '/policy', policy());
    return !isRefused(await send(network.policiesSystem, 'POST', '/policy', policy()));
  },
  duplicateExecutors: async (network) => {
    const executor = {
      executor_id: 'e1',
      executor_metadata: {},
      executor_hardware_info: {},
      cluster_public_ip: '10.0.0.1',
    };
    await send(network.policiesSystem, 'POST', '/executor', executor);
    return !isRefused(await send(network.policiesSystem, 'POST', '/executor', executor));
  },
  putMovesUri: async (network) => {
    await send(network.policiesSystem, 'POST', '/policy', policy());
    await send(network.policiesSystem, 'PUT', '/policy/rule:v0.0.1-stable', policy({ version: 'v0.0.2' }));
    return !isRefused(await send(network.policiesSystem, 'GET', '/policy/rule:v0.0.2-stable'));
  },
  uncheckedTypes: async (network) => {
    const nothing = Object.fromEntries(Object.keys(policy()).map((key) => [key, null]));
    await send(network.policiesSystem, 'POST', '/policy', nothing);
    return !isRefused(await send(network.policiesSystem, 'GET', '/policy/None:None-None'));
  },
  slashUnreachable: async (network) => {
    await send(network.policiesSystem, 'POST', '/policy', policy({ name: 'a/b' }));
    const { status } = await send(network.policiesSystem, 'GET', `/policy/${encodeURIComponent('a/b:v0.0.1-stable')}`);
    return status === 404;
  },
  executorUriIgnored: async (network) => {
    const executor = {
      executor_id: 'e1',
      executor_metadata: {},
      executor_hardware_info: {},
      executor_host_uri: 'http://mine',
    };
    await send(network.policiesSystem, 'POST', '/executor', { ...executor, cluster_public_ip: '10.0.0.1' });
    const [stored] = network.executors();
    return stored?.executor_host_uri === 'http://10.0.0.1:30900';
  },
  minimizes: async (network) => {
    await send(network.clustersRegistry, 'PUT', '/clusters/c1', { 'config.actionsPolicyMap': { add_node: {} } });
    await send(network.clustersRegistry, 'PUT', '/clusters/c1', { $unset: { 'config.publicHostname': 1 } });
    const { body } = await send(network.clustersRegistry, 'GET', '/clusters/c1');
    return !Object.hasOwn(body as object, 'config');
  },
  configRequired: async (network) => {
    network.seed({ clusters: [{ id: 'bare' }] });
    const { status, body } = await send(network.gateway, 'GET', '/pre-check-policies/get?cluster_id=bare');
    return status === 500 && JSON.stringify(body) === `{"error":"'config'"}`;
  },
  outageLooksEmpty: async (network) => {
    network.inject('policiesSystem', { kind: 'outage' });
    const { status, body } = await send(network.policiesSystem, 'POST', '/policy/query', {});
    return status === 200 && JSON.stringify(body) === '{"success":true,"data":[]}';
  },
  singleModule: async (network) => {
    const body = 'import limits\nreturn {"allowed": True, "input_data": input_data}';
    const uri = await onboard(network, 'modular', body, { files: { 'code/limits.py': '' } });
    await update(network, { remove_cluster: uri });
    return isRefused(await send(network.gateway, 'DELETE', '/clusters/delete/c1'));
  },
};

describe.each(Object.keys(BUGS) as BugName[])('%s', (bug) => {
  /** The race of updates needs calls that take time. */
  const options = { gatewayReplicas: bug === 'mapInProcess' ? 2 : 1, timeScale: bug === 'lostUpdates' ? 1 : 0 };
  const probe = (network: InProcessNetwork) => {
    network.seed({ clusters: [{ id: 'c1', config: { actionsPolicyMap: {}, publicHostname: 'h' } }] });
    return probes[bug](network);
  };

  it('is there as observed', async () => {
    await expect(withNetwork(options, probe)).resolves.toBe(true);
  });

  it('is gone where it alone is switched off', async () => {
    await expect(withNetwork({ ...options, behaviour: { [bug]: false } }, probe)).resolves.toBe(false);
  });
});

describe('parseBehaviour', () => {
  it('reads what command lines say', () => {
    expect(parseBehaviour('documented')).toBe('documented');
    expect(parseBehaviour('{"mapReplaced":false}')).toEqual({ mapReplaced: false });
  });

  it.each(['undocumented', '{"mapReplaced":0}', '{"mapRepl":true}', '{', '[]'])('refuses %s', (text) => {
    expect(() => parseBehaviour(text)).toThrow(/is not known: write observed, documented, or JSON/);
  });
});
