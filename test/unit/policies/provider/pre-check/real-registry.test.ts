import { compareCluster } from '../../../../../operations/verify/governance/settings';
import { toGatewayMap } from '../../../../../policies/actions';
import { handlers } from '../../../../../policies/provider/handlers';
import type { Properties } from '../../../../../policies/provider/wire/value';
import { Engine, boundIn } from '../managed';
import { RealNetwork } from '../real-network';

const uri = (name: string) => `aiosv1.policies.gateway.${name}:v0.0.1-stable`;
const clusterId = 'cluster-1';

let network: RealNetwork;
let engine: Engine;

beforeEach(async () => {
  network = new RealNetwork();
  engine = new Engine(await network.start());
});
afterEach(() => network.stop());

const register = (config?: unknown) =>
  network.clusters.set(clusterId, { id: clusterId, ...(config !== undefined && { config }) });

test.each([
  ['none', undefined],
  ['an empty object', {}],
  ['an empty object within', { max: 3, clusters: {} }],
  ['empty objects at any depth', { a: { b: { c: {} } }, list: [{}, { d: {} }] }],
  ['nothing but empty objects', { a: { b: {} } }],
])('a binding of a cluster whose parameters are %s converges, and stays', async (_, parameters) => {
  register({ urlMap: {} });
  const policies = engine.resource('ClusterPreCheckPolicies');
  const wanted = { clusterId, bindings: { add_node: { policy: uri('a'), ...(parameters && { parameters }) } } };
  expect(await policies.up(wanted)).toBe('created');
  expect(network.calls.filter((call) => call.startsWith('POST /pre-check-policies'))).toHaveLength(1);
  await policies.refresh();
  expect(policies.changesTo(wanted)).toEqual([]);
  expect(await policies.up(wanted)).toBe('same');

  const context = { signal: new AbortController().signal, status: () => undefined };
  const binding = { policy: uri('a'), parameters: parameters ?? {} };
  const asked = { map: toGatewayMap({ add_node: binding }), listed: ['add_node'], removesUnlisted: true };
  const rows = compareCluster(clusterId, asked, await engine.services.gateway.clusterMap(context, clusterId));
  expect(rows.map(({ differs }) => differs)).toEqual([false]);

  await policies.up({ clusterId, bindings: { add_node: null } });
  expect(network.storedMap(clusterId)).toEqual({});
});

test.each([
  ['without a config', undefined],
  ['with an empty config', {}],
  ['whose config holds nothing but empty objects', { urlMap: {} }],
])('a cluster %s can be governed, and let go again', async (_, config) => {
  register(config);
  const policies = engine.resource('ClusterPreCheckPolicies');
  await policies.up({ clusterId, bindings: { add_node: { policy: uri('a') } } });
  expect(network.storedMap(clusterId)).toEqual({ add_node: { policyRuleURI: uri('a'), parameters: null } });
  await policies.up({ clusterId, bindings: { add_node: { policy: uri('b') } } });
  await policies.refresh();
  expect(boundIn(policies)).toEqual({ add_node: { policy: uri('b') } });
  await policies.destroy();
  expect(network.storedMap(clusterId)).toEqual({});
  await policies.up({ clusterId, bindings: { add_node: null }, unlisted: 'remove' });
  await policies.refresh();
  expect(policies.state).toBeDefined();
});

test('a cluster without a config has, to verify, an empty map', async () => {
  register();
  const context = { signal: new AbortController().signal, status: () => undefined };
  expect(await engine.services.gateway.clusterMap(context, clusterId)).toEqual({});
  const wanted = { map: {}, listed: ['add_node'], removesUnlisted: false };
  expect(compareCluster(clusterId, wanted, {}).map(({ differs }) => differs)).toEqual([false]);
});

test('what a killed run of this stack has bound is not taken for what was there before, whatever is wanted now', async () => {
  const ofStack = (urn: string) => ({ metadata: { aios_network_urn: urn }, resource_estimates: {} });
  network.policies = [
    { policy_rule_uri: uri('ours'), ...ofStack('urn:pulumi:dev::aios-network::aios:governance:Policy::ours') },
    { policy_rule_uri: uri('theirs'), ...ofStack('urn:pulumi:prod::aios-network::aios:governance:Policy::theirs') },
  ];
  const began = { policyRuleURI: uri('ours'), parameters: { max: 1 } };
  network.map = { add_node: began, remove_node: { policyRuleURI: uri('theirs'), parameters: null } };
  const before = network.map.remove_node;
  const policies = engine.resource('PreCheckPolicies');
  const now = { policy: uri('ours'), parameters: { max: 2 } };
  await policies.up({ replicas: 1, bindings: { add_node: now, remove_node: { policy: uri('ours') } } });
  await policies.destroy();
  expect(network.map).toEqual({ remove_node: before });
});

test('a cluster that is gone is still told from one without a config', async () => {
  await expect(
    engine.resource('ClusterPreCheckPolicies').up({ clusterId, bindings: { add_node: null } }),
  ).rejects.toThrow('"cluster-1" is not in the clusters registry');
});

test('a preview says which bindings nothing asks, in the network and in a cluster', () => {
  const bindings = {
    add_node: { policy: uri('a') },
    add_cluster: { policy: uri('a') },
    remove_cluster: { policy: uri('a') },
    scale_block: { policy: uri('a') },
    add_block: null,
  };
  const remarks = (type: string, inputs: Properties) => handlers[`aios:governance:${type}`]?.remarks?.(inputs);
  expect(remarks('PreCheckPolicies', { bindings })).toEqual([
    expect.stringMatching(/^scale_block: stored, but is never/),
  ]);
  expect(remarks('ClusterPreCheckPolicies', { clusterId, bindings })).toEqual([
    expect.stringMatching(/^add_cluster, remove_cluster, scale_block: .* there only add_node and remove_node are;/),
  ]);
});

describe('what somebody else has bound in the network', () => {
  const bindings = { add_node: { policy: uri('a') } };

  test('is kept, and named as what a rollout of the gateway would lose', async () => {
    network.map = { scale_block: uri('foreign') };
    await engine.resource('PreCheckPolicies').up({ replicas: 1, bindings });
    expect(network.map).toMatchObject({ scale_block: uri('foreign') });
    expect(engine.warnings).toEqual([
      expect.stringMatching(/^scale_block: bound by somebody else and kept, but not in/),
    ]);
  });

  test.each(['refresh', 'update'] as const)('is named once a rollout has lost it: %s', async (way) => {
    network.map = { scale_block: uri('foreign') };
    const policies = engine.resource('PreCheckPolicies');
    await policies.up({ replicas: 1, bindings });
    engine.warnings.length = 0;
    network.map = { add_node: { policyRuleURI: uri('a'), parameters: null } };
    if (way === 'refresh') await policies.refresh();
    else await policies.up({ replicas: 1, bindings: { add_node: { policy: uri('b') } } });
    expect(engine.warnings).toEqual([
      expect.stringMatching(/^scale_block: bound by somebody else when last seen, and gone/),
    ]);
  });

  test('is not told of where it is removed, nor of a cluster, whose registry keeps it', async () => {
    network.map = { scale_block: uri('foreign') };
    await engine.resource('PreCheckPolicies').up({ replicas: 1, bindings, unlisted: 'remove' });
    register({ actionsPolicyMap: { scale_block: uri('foreign') } });
    await engine.resource('ClusterPreCheckPolicies').up({ clusterId, bindings });
    expect(engine.warnings).toEqual([]);
  });
});
