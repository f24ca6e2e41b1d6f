import type { InProcessNetwork } from '../../../../../embedded/network';
import { send } from '../client';
import { cluster, onboard } from '../policies';
import { withNetwork } from '../temporary-network';

const remote = { POLICY_EXECUTION_MODE: 'remote', POLICY_SYSTEM_EXECUTOR_ID: 'e1' };

/** Answers with the parameters that it was given, in place of a node. */
const echo = 'return {"allowed": True, "input_data": {"id": "n1", "given": parameters}}';
const own = { max: 1, own: true };

/** What a rule of nodes finds as its parameters, if it was onboarded with `own`. */
async function givenToNodes(network: InProcessNetwork, binding: object): Promise<unknown> {
  const uri = await onboard(network, 'echo', echo, { parameters: own });
  network.seed({
    clusters: [cluster('c1', { config: { urlMap: { membershipServer: `${network.membership}/c1` } } })],
    clusterMetrics: [{ clusterId: 'c1' }],
    executors: [{ executor_id: 'e1' }],
  });
  await send(network.gateway, 'POST', '/pre-check-policies/update', { add_node: { policyRuleURI: uri, ...binding } });
  const { body } = await send(network.gateway, 'POST', '/pre-check-policies/add_node/dry_run/c1', { id: 'n1' });
  return (body as { data?: { given?: unknown } }).data?.given ?? body;
}

it.each([
  [{ parameters: { max: 9 } }, { max: 9, own: true }],
  [{ parameters: {} }, own],
  [{}, own],
  [{ parameters: null }, own],
])('CONTRACT 33: local, parameters of the binding %j win over those of the policy', async (binding, given) => {
  await withNetwork({}, async (network) => {
    await expect(givenToNodes(network, binding)).resolves.toEqual(given);
  });
});

it.each([
  [{ parameters: { max: 9 } }, { max: 9 }],
  [{ parameters: {} }, {}],
  [{}, {}],
  [{ parameters: null }, own],
])('CONTRACT 34: remote, parameters of the binding %j alone count', async (binding, given) => {
  await withNetwork({ gatewayEnvironment: remote }, async (network) => {
    await expect(givenToNodes(network, binding)).resolves.toEqual(given);
  });
});

it("CONTRACT 34: remote, a policy of clusters gets the policy's own parameters", async () => {
  await withNetwork({ gatewayEnvironment: remote }, async (network) => {
    const body = 'return {"allowed": False, "input_data": parameters}';
    const uri = await onboard(network, 'echo', body, { parameters: own });
    network.seed({ executors: [{ executor_id: 'e1' }] });
    await send(network.gateway, 'POST', '/pre-check-policies/update', { create_cluster: uri });
    const reply = await send(network.gateway, 'POST', '/clusters/create', cluster('c1'));
    expect((reply.body as { data: string }).data).toContain(JSON.stringify(own));
  });
});

it('CONTRACT 35: a failure on an executor has no `allowed`, and denies', async () => {
  await withNetwork({ gatewayEnvironment: remote }, async (network) => {
    const uri = await onboard(network, 'raises', 'raise ValueError("no idea")');
    network.seed({ executors: [{ executor_id: 'e1' }] });
    const call = { policy_rule_uri: uri, input_data: { id: 'c1' }, parameters: null };
    expect(await send(network.policiesSystem, 'POST', '/executor/e1/execute_policy', call)).toEqual({
      status: 200,
      body: { success: true, data: { success: false, message: 'no idea' } },
    });
    await send(network.gateway, 'POST', '/pre-check-policies/update', { create_cluster: uri });
    expect(await send(network.gateway, 'POST', '/clusters/create', cluster('c1'))).toEqual({
      status: 500,
      body: { success: false, data: "Error occurred: cluster not allowed to be added: 'allowed'" },
    });
  });
});

it.each([
  ['e2', { policy_rule_uri: 'x', input_data: { id: 'c1' } }, 404],
  ['e1', { policy_rule_uri: 'x', input_data: {} }, 400],
  ['e1', { input_data: { id: 'c1' } }, 400],
])('CONTRACT 36: on %s, %j is HTTP %d', async (executor, body, status) => {
  await withNetwork({}, async (network) => {
    network.seed({ executors: [{ executor_id: 'e1' }] });
    const path = `/executor/${executor}/execute_policy`;
    await expect(send(network.policiesSystem, 'POST', path, body)).resolves.toMatchObject({ status });
  });
});
