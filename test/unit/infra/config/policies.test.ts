import * as pulumi from '@pulumi/pulumi';
import { parseConfig } from '../../../../infra/config';
import { problems, raw } from './subject';

const KUBECONFIG = 'apiVersion: v1\nkind: Config\n';
const URI = 'aiosv1.policies.cluster-controller-gateway.add-node:v0.0.12-stable';

const policies = (section: Record<string, unknown>) => raw({ policies: section });
const parse = (section: Record<string, unknown>) => parseConfig(policies(section), {}).policies;

type Row = [what: string, section: Record<string, unknown>, ...problem: string[]];

const names: Row[] = [
  [
    'a rule that does not exist',
    { bindings: { add_node: 'max-node' } },
    'aios-network:policies.bindings.add_node: "max-node"',
    'is an unknown rule',
    'fix: did you mean max-nodes?',
  ],
  [
    'the same in a binding of a cluster, with parameters',
    { clusters: { 'cluster-456': { add_node: { policy: 'read-onyl', parameters: { reason: 'x' } } } } },
    'aios-network:policies.clusters.cluster-456.add_node.policy: "read-onyl"',
    'is an unknown rule',
    'fix: did you mean read-only?',
  ],
  [
    'a listed rule that does not exist',
    { rules: ['audit-only', { rule: 'freze-window' }] },
    'aios-network:policies.rules[1].rule: "freze-window"',
    'is an unknown rule',
    'fix: did you mean freeze-window?',
  ],
  [
    'two rules of one name',
    { rules: ['audit-only', { rule: 'read-only', name: 'audit-only' }] },
    'aios-network:policies.rules[1]:',
    'is named audit-only, and so is policies.rules[0]',
    'fix: remove one of the two, or give this one another name',
  ],
  [
    'an action of a cluster that does not exist',
    { clusters: { 'cluster-456': { remove_nod: null } } },
    'aios-network:policies.clusters.cluster-456.remove_nod:',
    'is an unknown action',
    'fix: did you mean remove_node?',
  ],
  [
    "a cluster's id that would reach another path",
    { clusters: { '../query': { add_node: null } } },
    'aios-network:policies.clusters.../query:',
    'the name must be letters, digits, -, _ and ., starting with a letter or digit',
    'fix: rename it',
  ],
  [
    'an executor that is not declared',
    {
      execution: { mode: 'local', executor: 'executor-02' },
      executors: { 'executor-002': { clusterPublicIp: 'a.b' } },
    },
    'aios-network:policies.execution.executor: "executor-02"',
    'is an unknown executor',
    'fix: did you mean executor-002? Else declare it: executors: { executor-02: { clusterPublicIp: … } }',
  ],
  [
    'a rule bound where it cannot decide',
    { bindings: { remove_cluster: 'max-nodes' } },
    'aios-network:policies.bindings.remove_cluster: "max-nodes"',
    'is not made for remove_cluster: the rule max-nodes decides on add_node, add_cluster',
    'fix: bind it there, or choose another rule for remove_cluster',
  ],
];

const SEE = 'fix: see policies/rules/max-nodes/policy.yaml for what the rule takes';
const parameters: Row[] = [
  [
    'a parameter of the wrong kind',
    { bindings: { add_node: { policy: 'max-nodes', parameters: { max: -1 } } } },
    'aios-network:policies.bindings.add_node.parameters.max:',
    'expected number to be >=0',
    SEE,
  ],
  [
    'a misspelt parameter',
    { bindings: { add_node: { policy: 'max-nodes', parameters: { max: 1, cluster: {} } } } },
    'aios-network:policies.bindings.add_node.parameters.cluster:',
    'is an unknown parameter',
    'fix: did you mean clusters?',
  ],
  [
    'a missing parameter',
    { bindings: { add_node: 'max-nodes' } },
    'aios-network:policies.bindings.add_node.parameters.max:',
    'is required',
    SEE,
  ],
  [
    'a missing parameter that no binding could give',
    { bindings: { add_cluster: 'max-nodes' } },
    'aios-network:policies.bindings.add_cluster.parameters.max:',
    'is required',
    'fix: give them to the rule: rules: [{ rule: max-nodes, parameters: { … } }]',
  ],
  [
    'parameters that the gateway would not pass on',
    { bindings: { add_cluster: { policy: 'read-only', parameters: { reason: 'moving' } } } },
    'aios-network:policies.bindings.add_cluster.parameters:',
    'must be left out: the gateway passes no parameters to the policy of add_cluster',
    'fix: give them to the rule: rules: [{ rule: read-only, parameters: { … } }]',
  ],
  [
    "a binding's parameter of the wrong kind, whatever is onboarded",
    {
      rules: [{ rule: 'max-nodes', parameters: { max: 5 } }],
      bindings: { add_node: { policy: 'max-nodes', parameters: { max: 'three' } } },
    },
    'aios-network:policies.bindings.add_node.parameters.max:',
    'expected number, received string',
    SEE,
  ],
  [
    'a parameter that an executor would not see, as the binding has others',
    {
      rules: [{ rule: 'max-nodes', parameters: { max: 5 } }],
      bindings: { add_node: { policy: 'max-nodes', parameters: { clusters: { a: 3 } } } },
      execution: { mode: 'remote', executor: 'executor-001' },
      executors: { 'executor-001': { clusterPublicIp: 'a.b' } },
    },
    'aios-network:policies.bindings.add_node.parameters.max:',
    'is required',
    SEE,
  ],
  [
    'a wrong parameter of a listed rule once, however often it is bound',
    {
      rules: [{ rule: 'max-nodes', name: 'few', parameters: { max: 'three' } }],
      bindings: { add_node: 'few' },
      clusters: { a: { add_node: 'few' } },
    },
    'aios-network:policies.rules[0].parameters.max:',
    'expected number, received string',
    SEE,
  ],
  [
    'a misspelt setting of a listed rule',
    { rules: [{ rule: 'block-quota', settings: { block_registry: 'http://b:1' } }] },
    'aios-network:policies.rules[0].settings.block_registry:',
    'is an unknown parameter',
    'fix: did you mean blocks_registry?',
  ],
];

const forms: Row[] = [
  [
    'a version that is none',
    { rules: [{ rule: 'read-only', version: '1.0' }] },
    'aios-network:policies.rules[0].version: "1.0"',
    'must be v and three numbers',
    'fix: for example version: v0.0.2',
  ],
  [
    'an address with credentials',
    { endpoints: { gateway: { url: 'https://me:secret@gateway.example.org' } } },
    'aios-network:policies.endpoints.gateway.url: "https://me:secret@gateway.example.org"',
    'must be an http:// or https:// address, without credentials, query or fragment',
    'fix: for example url: https://gateway.example.org',
  ],
  [
    'certificates that are a path',
    { endpoints: { gateway: { url: 'https://g', ca: '/etc/ca.pem' } } },
    'aios-network:policies.endpoints.gateway.ca: "/etc/ca.pem"',
    'must be certificates in PEM form',
    'fix: correct it',
  ],
  [
    'another wish for what is not named',
    { unlisted: 'delete' },
    'aios-network:policies.unlisted: "delete"',
    'must be one of keep, remove',
    'fix: use one of keep, remove',
  ],
  [
    'an upload address without a scheme',
    { code: { uploadUrl: 'code.example.org' } },
    'aios-network:policies.code.uploadUrl: "code.example.org"',
    'must be an http:// or https:// address, without credentials, query or fragment',
    'fix: for example uploadUrl: https://gateway.example.org',
  ],
  [
    'an executor that nobody can reach',
    { executors: { 'executor-001': {} } },
    'aios-network:policies.executors.executor-001.clusterPublicIp:',
    'is required',
    'fix: for example clusterPublicIp: network.example.org',
  ],
];

test.each([...names, ...parameters, ...forms])('refuses %s', (_what, section, ...problem) => {
  expect(problems(policies(section))).toEqual([problem]);
});

test("refuses the policy-code server's node port for a service", () => {
  const overrides = { parser: { nodePorts: { '8000': 32555 } } };
  const [problem] = problems(raw({ services: { imageRegistry: 'r.example.org', overrides } }));
  expect(problem?.[1]).toBe('is taken by policy-code');
});

test("accepts rules by name and by URI, with the rule's parameters or the binding's, and null", () => {
  const section = {
    rules: [{ rule: 'max-nodes', name: 'at-most-five', version: 'v0.1.0', parameters: { max: 5 } }],
    bindings: { add_node: { policy: 'max-nodes', parameters: { max: 20 } }, remove_node: URI, add_block: null },
    clusters: { 'cluster_4.56': { add_node: 'at-most-five' } },
  };
  const uri = (name: string, version: string) => `aiosv1.policies.cluster-controller-gateway.${name}:${version}-stable`;
  const { bindings, clusters, rules } = parse(section);
  expect(bindings).toEqual({
    add_node: { policy: rules[1]?.uri, parameters: { max: 20 } },
    remove_node: { policy: URI, parameters: {} },
    add_block: null,
  });
  expect(clusters).toEqual({
    'cluster_4.56': { add_node: { policy: uri('at-most-five', 'v0.1.0'), parameters: {} } },
  });
  expect(rules.map(({ name }) => name)).toEqual(['at-most-five', 'max-nodes']);
});

test("accepts a binding's parameter in the place of an onboarded one: it wins", () => {
  const { bindings } = parse({
    rules: [{ rule: 'max-nodes', parameters: { max: 5 } }],
    bindings: { add_node: { policy: 'max-nodes', parameters: { max: 3 } } },
  });
  expect(bindings.add_node?.parameters).toEqual({ max: 3 });
});

describe('secrets', () => {
  const section = {
    publicDatabaseUrl: 'mongodb://me:hunter2@db.example.org/policies',
    endpoints: { gateway: { url: 'https://gateway.example.org', token: 'hunter2' } },
    executors: {
      'executor-001': { clusterPublicIp: '203.0.113.1', infrastructure: { kubeconfig: KUBECONFIG, maxProcesses: 2 } },
    },
  };

  test('are refused as plain text, and not shown', () => {
    const found = problems(policies(section));
    expect(found.map(([path]) => path)).toEqual([
      'aios-network:policies.endpoints.gateway.token:',
      'aios-network:policies.executors.executor-001.infrastructure.kubeconfig:',
      'aios-network:policies.publicDatabaseUrl:',
    ]);
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  test('reach the program as secrets', async () => {
    const parsed = parseConfig(raw({ policies: section }, { secretKeys: ['policies'] }), {}).policies;
    const { endpoints, executors, publicDatabaseUrl } = parsed;
    expect(await pulumi.isSecret(pulumi.output(publicDatabaseUrl))).toBe(true);
    const { token } = endpoints.gateway as { token: pulumi.Output<string> };
    expect(await pulumi.isSecret(token)).toBe(true);
    const kubeconfig = executors['executor-001']?.infrastructure?.kubeconfig;
    expect(await pulumi.isSecret(pulumi.output(kubeconfig))).toBe(true);
  });

  test('are refused where they would end as plain text', () => {
    const [problem] = problems(raw({ policies: { bindings: { add_node: URI } } }, { secretKeys: ['policies'] }));
    expect(problem?.[1]).toContain('holds an encrypted value where the program expects none');
  });
});

describe('the simulated services', () => {
  const network = {
    gateway: 'http://127.0.0.1:1',
    policiesSystem: 'http://127.0.0.1:2',
    clustersRegistry: 'http://127.0.0.1:3',
    policyCode: 'http://127.0.0.1:4',
  };
  const env = { AIOS_EMBEDDED_KUBECONFIG: '/kubeconfig', AIOS_EMBEDDED_NETWORK: JSON.stringify(network) };
  const dev = (sections: Record<string, unknown> = {}) => raw({ cluster: {}, ...sections }, { stack: 'dev' });

  test('are those of stack dev', () => {
    const { endpoints, code } = parseConfig(dev(), env).policies;
    expect(endpoints.policiesSystem).toEqual({ url: 'http://127.0.0.1:2' });
    expect(Object.keys(endpoints)).toEqual(['gateway', 'policiesSystem', 'clustersRegistry']);
    expect(code).toEqual({ url: 'http://127.0.0.1:4', upload: true });
  });

  test.each([
    ['of another stack', raw()],
    ['of stack dev on another cluster', dev({ cluster: { context: 'kind' } })],
    ['of stack dev with endpoints of its own', dev({ policies: { endpoints: { gateway: { url: 'http://g' } } } })],
  ])('are not those %s', (_what, config) => {
    const { endpoints, code } = parseConfig(config, env).policies;
    expect(endpoints.policiesSystem).toHaveProperty('service');
    expect(code.upload).toBe(false);
  });

  test('are asked for where policies are wanted, since no pod of the embedded cluster runs', () => {
    const [problem] = problems(dev({ policies: { bindings: { add_node: URI } } }), {
      AIOS_EMBEDDED_KUBECONFIG: '/kubeconfig',
    });
    expect(problem?.[2]).toContain('make up');
  });
});
