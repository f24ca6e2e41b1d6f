import type { InProcessNetwork } from '../../../../../embedded/network';
import { send } from '../client';
import { cluster, onboard } from '../policies';
import { withNetwork } from '../temporary-network';

const updatePath = '/pre-check-policies/update';
const limit = [
  'count = input_data["cluster_data"]["nodes"]["count"]',
  'allowed = count < parameters["max"]',
  'return {"allowed": allowed, "input_data": input_data["node_data"] if allowed else "full"}',
].join('\n');

/** A cluster that has all that the gateway asks about. */
function seed(network: InProcessNetwork, id = 'c1', config: Record<string, unknown> = {}): void {
  const urlMap = { membershipServer: `${network.membership}/${id}` };
  network.seed({ clusters: [cluster(id, { config: { urlMap, ...config } })], clusterMetrics: [{ clusterId: id }] });
}

const bind = async (network: InProcessNetwork, max: number, query = '') => {
  const policyRuleURI = await onboard(network, 'max-nodes', limit);
  await send(network.gateway, 'POST', `${updatePath}${query}`, { add_node: { policyRuleURI, parameters: { max } } });
};
const check = (network: InProcessNetwork, id = 'c1') =>
  send(network.gateway, 'POST', `/pre-checks/add-node/${id}`, { id: 'n1' });
const join = (network: InProcessNetwork, node: object = { id: 'n1' }) =>
  send(network.gateway, 'POST', '/join-node/c1', { node_data: node });
const dryRun = (network: InProcessNetwork, id = 'c1') =>
  send(network.gateway, 'POST', `/pre-check-policies/add_node/dry_run/${id}`, { id: 'n1' });

it.each([
  ['POST', '/nodes/add-node-to-cluster/c1'],
  ['GET', '/nodes/remove-node-from-cluster/c1/n1'],
])('CONTRACT 21: %s %s, as documented, is 404', async (method, path) => {
  await withNetwork({}, async (network) => {
    seed(network);
    await expect(send(network.gateway, method, path)).resolves.toMatchObject({ status: 404 });
  });
});

it.each([
  ['""', ''],
  ['null', null],
  ['{}', {}],
  ['no URI', { policyRuleURI: '' }],
])('CONTRACT 23: %s for add_node skips the check', async (_, value) => {
  await withNetwork({}, async (network) => {
    seed(network);
    await send(network.gateway, 'POST', updatePath, { add_node: value });
    await expect(check(network)).resolves.toMatchObject({ status: 200, body: { allowed: true } });
  });
});

it('CONTRACT 24: a denied node is an HTTP 200 without a reason', async () => {
  await withNetwork({}, async (network) => {
    seed(network);
    await bind(network, 0);
    const denied = (message: string) => ({ status: 200, body: { success: true, allowed: false, message } });
    expect(await check(network)).toEqual(denied('Node addition not allowed by policy'));
    expect(await join(network)).toEqual(denied('Join not allowed by policy'));
    const uri = await onboard(network, 'deny', 'return {"allowed": False, "input_data": "because"}');
    await send(network.gateway, 'POST', updatePath, { remove_node: { policyRuleURI: uri } });
    for (const path of ['/pre-checks/remove-node/c1', '/remove-node/c1']) {
      const reply = await send(network.gateway, 'POST', path, { node_id: 'n1' });
      expect(reply).toEqual(denied('Node removal not allowed by policy'));
    }
  });
});

it('CONTRACT 25: a policy that is missing or fails is an HTTP 500', async () => {
  await withNetwork({}, async (network) => {
    seed(network);
    await send(network.gateway, 'POST', updatePath, { add_node: { policyRuleURI: 'missing:v1-stable' } });
    expect(await check(network)).toEqual({
      status: 500,
      body: { success: false, error: "Policy rule with URI 'missing:v1-stable' not found." },
    });
    const uri = await onboard(network, 'raises', 'raise ValueError("no idea")');
    await send(network.gateway, 'POST', updatePath, { add_node: { policyRuleURI: uri } });
    expect(await check(network)).toEqual({ status: 500, body: { success: false, error: 'no idea' } });
  });
});

it.each([
  ['no config', undefined, "'config'"],
  ['no map of URLs', { publicHostname: 'h' }, 'config did not provide URL MAP'],
  ['no membership server', { urlMap: { metricsService: 'x' } }, /^Invalid URL 'None\/pre-checks\/add-node'/],
])('CONTRACT 26: a cluster with %s cannot be asked', async (_, config, error) => {
  await withNetwork({}, async (network) => {
    network.seed({ clusters: [{ ...cluster('c1'), config }] });
    const expected = typeof error === 'string' ? error : (expect.stringMatching(error) as string);
    expect(await check(network)).toEqual({ status: 500, body: { success: false, error: expected } });
  });
});

it('CONTRACT 27: a cluster that has reported no metrics fails every check that is bound', async () => {
  await withNetwork({}, async (network) => {
    network.seed({
      clusters: [cluster('c1', { config: { urlMap: { membershipServer: `${network.membership}/c1` } } })],
    });
    await expect(check(network)).resolves.toMatchObject({ status: 200 });
    await bind(network, 9);
    const error = `400 Client Error: BAD REQUEST for url: ${network.clusterMetrics}/cluster/c1`;
    expect(await check(network)).toEqual({ status: 500, body: { success: false, error } });
    expect(await dryRun(network)).toEqual({ status: 500, body: { error } });
  });
});

it('CONTRACT 28: without global-cluster-metrics every check that is bound fails', async () => {
  await withNetwork({ absent: ['clusterMetrics'] }, async (network) => {
    seed(network);
    await bind(network, 9);
    await expect(check(network)).resolves.toMatchObject({
      status: 500,
      body: { success: false, error: expect.stringContaining('Max retries exceeded with url: /cluster/c1') as string },
    });
  });
});

it('CONTRACT 29: a dry run answers what the policy says, and what the cluster would', async () => {
  await withNetwork({}, async (network) => {
    seed(network);
    await bind(network, 1);
    expect(await dryRun(network)).toEqual({
      status: 200,
      body: {
        success: true,
        allowed: true,
        data: { id: 'n1' },
        cluster_response: { success: true, allowed: true, node_data: { id: 'n1' } },
      },
    });
    await bind(network, 0);
    expect(await dryRun(network)).toEqual({ status: 200, body: { success: true, allowed: false, data: 'full' } });
    expect(await dryRun(network, 'c2')).toEqual({ status: 500, body: { error: 'Cluster data not found' } });
    const remove = '/pre-check-policies/remove_node/dry_run/c1/n1';
    await expect(send(network.gateway, 'POST', remove)).resolves.toMatchObject({
      body: { success: true, allowed: true, data: 'n1', cluster_response: { node_id: 'n1' } },
    });
    expect(network.clusters()).toMatchObject([{ nodes: { count: 0 } }]);
  });
});

it("CONTRACT 30: the cluster's own map is asked by the cluster", async () => {
  await withNetwork({}, async (network) => {
    seed(network);
    await bind(network, 0, '?cluster_id=c1');
    expect(await check(network)).toEqual({
      status: 200,
      body: { success: true, allowed: false, node_data: 'full' },
    });
    const error = `500 Server Error: INTERNAL SERVER ERROR for url: ${network.membership}/c1/join-node`;
    expect(await join(network)).toEqual({ status: 500, body: { success: false, error } });
    await expect(dryRun(network)).resolves.toMatchObject({ body: { success: true, allowed: false } });
  });
});

it('CONTRACT 31: nodes that join and leave are in the entry of their cluster, until a policy denies the next', async () => {
  await withNetwork({}, async (network) => {
    seed(network);
    await bind(network, 2);
    await expect(join(network, { id: 'n1', memory: 8, vcpus: { count: 2 } })).resolves.toMatchObject({
      status: 200,
      body: { success: true, result: { success: true } },
    });
    await join(network, { id: 'n2', memory: 4 });
    await expect(join(network, { id: 'n3' })).resolves.toMatchObject({ body: { allowed: false } });
    expect(network.clusters()).toMatchObject([{ memory: 12, vcpus: { count: 2 }, nodes: { count: 2 } }]);
    await send(network.gateway, 'POST', '/remove-node/c1', { node_id: 'n1' });
    expect(network.clusters()).toMatchObject([{ memory: 4, nodes: { count: 1, nodeData: [{ id: 'n2' }] } }]);
  });
});
