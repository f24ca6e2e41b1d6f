import { checkConfiguration } from '../../../../policies/provider/configuration';
import { handlers } from '../../../../policies/provider/handlers';
import { type Properties, Secret, unknown } from '../../../../policies/provider/wire/value';

const check = (kind: string, inputs: Properties) => {
  const failures = handlers[`aios:governance:${kind}`]?.check(inputs, undefined).failures ?? [];
  return failures.map(({ property, reason }) => `${property}: ${reason}`);
};
const uri = 'aiosv1.policies.gateway.x:v0.0.1-stable';

test('all that is wrong with bindings is said at once, with what would be right', () => {
  const bindings = {
    add_nod: { policy: uri },
    add_node: { policy: 'max-nodes' },
    remove_node: 7,
    remove_cluster: { policy: uri, parameters: { max: 1 } },
    add_block: { uri },
    block_mgmt: null,
  };
  expect(
    check('PreCheckPolicies', { bindings, unlisted: 'drop', onDelete: 'restor', replicas: 0, binding: {} }),
  ).toEqual([
    'binding: there is no such input; did you mean bindings?',
    'bindings.add_nod: no such action; did you mean add_node?',
    expect.stringMatching(/^bindings.add_node.policy: "max-nodes": must be the URI of a policy, name:version-tag/),
    expect.stringMatching(/^bindings.remove_node: 7: must be null \(no policy\), or an object/),
    expect.stringMatching(/^bindings.remove_cluster.parameters: the gateway takes only the URI/),
    expect.stringMatching(/^bindings.add_block.uri: there is no such input/),
    expect.stringMatching(/^bindings.add_block.policy: is missing; it must be the URI/),
    'unlisted: "drop": must be keep or remove',
    'onDelete: "restor": must be restore or clear',
    'replicas: 0: must be an integer from 1 to 20',
  ]);
});

test.each(['..', '.', 'a/b', 'a b', 'a%2fb', 'a?b', ''])('the cluster id "%s" never reaches a URL', (clusterId) => {
  expect(check('ClusterPreCheckPolicies', { clusterId, bindings: {} })).toEqual([
    `clusterId: "${clusterId}": must consist of letters, digits, -, _ and . (and not be . or ..)`,
  ]);
});

test('what is not known yet passes, and a secret is examined without being shown', () => {
  expect(check('PreCheckPolicies', { bindings: { add_node: { policy: unknown, parameters: unknown } } })).toEqual([]);
  expect(check('ClusterPreCheckPolicies', { clusterId: unknown, bindings: unknown })).toEqual([]);
  const failures = check('ClusterPreCheckPolicies', { clusterId: new Secret('hunter/2'), bindings: {} });
  expect(failures).toEqual([expect.stringMatching(/^clusterId: \[secret\]: must consist of/)]);
});

test('all that is wrong with a policy is said at once', () => {
  const code = { url: 'ftp://x', sha256: 'a'.repeat(64), upload: { url: 'http://code/x', content: 'eA==' } };
  const inputs = {
    name: 'a/b',
    version: 'v 1',
    type: 1,
    tags: 'x',
    settings: [],
    metadata: { code_sha256: 'x' },
    code,
  };
  expect(check('Policy', inputs)).toEqual([
    expect.stringMatching(/^name: "a\/b": must be a text without spaces, \/ and :/),
    expect.stringMatching(/^version: "v 1": must be a text without spaces/),
    'type: 1: must be a text',
    'tags: "x": must be a list',
    'settings: []: must be an object',
    expect.stringMatching(/^metadata: holds the key code_sha256/),
    'code.url: "ftp://x": must be an http or https URL',
    expect.stringMatching(/^code.sha256: "a+": must be the checksum of what is uploaded, 2d711642/),
  ]);
});

test('all that is wrong with an executor is said at once', () => {
  const infrastructure = { kubeconfig: new Secret(' '), maxProcesses: 0 };
  const inputs = { executorId: 'Executor_1', clusterPublicIp: 'http://203.0.113.7:30900', infrastructure };
  expect(check('PolicyExecutor', inputs)).toEqual([
    expect.stringMatching(/^clusterPublicIp: .*: must be an IP address/),
    'infrastructure.maxProcesses: 0: must be an integer from 1 to 1024',
    "infrastructure.kubeconfig: [secret]: must be the contents of the target cluster's kubeconfig",
    expect.stringMatching(/^executorId: "Executor_1": with infrastructure/),
  ]);
});

describe('the configuration of the provider', () => {
  const endpoint = { url: 'http://127.0.0.1:1' };
  const services = { gateway: endpoint, policiesSystem: endpoint, clustersRegistry: endpoint };
  const failures = (news: Properties) =>
    checkConfiguration(news).failures.map(({ property, reason }) => `${property}: ${reason}`);

  test('says all that is wrong at once', () => {
    const news = {
      gateway: { url: 'http://user:password@gateway' },
      policiesSystem: { service: { namespace: 'A', name: 'policies', port: 0 }, token: 'x' },
      clustersRegistry: { url: 'https://registry', token: new Secret('two words'), ca: 'no PEM' },
      concurrency: 1000,
    };
    expect(failures(news)).toEqual([
      expect.stringMatching(/^gateway.url: .*: must be an http or https URL without credentials/),
      expect.stringMatching(/^policiesSystem.token: belongs to an endpoint with a URL/),
      expect.stringMatching(/^policiesSystem.service.namespace: "A": must be/),
      'policiesSystem.service.port: 0: must be an integer from 1 to 65535',
      expect.stringMatching(/^clustersRegistry.token: \[secret\]: must be a bearer token/),
      'clustersRegistry.ca: "no PEM": must hold certificates in PEM',
      'concurrency: 1000: must be an integer from 1 to 256',
      expect.stringMatching(/^context: is missing: policiesSystem go through an API server's service proxy/),
    ]);
  });

  test('may come as JSON, as engines hand over what is no text', () => {
    expect(failures({ ...services, gateway: '{"url":"http://gateway"}', concurrency: '4' })).toEqual([]);
  });
});
