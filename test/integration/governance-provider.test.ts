import { mkdtemp, rm } from 'node:fs/promises';
import { type IncomingMessage, type ServerResponse, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type InProcessNetwork, networkEnvironment, startNetwork } from '../../embedded/network';
import { Project } from './harness/project';

jest.setTimeout(120_000);

const CHECKOUT = path.resolve(__dirname, '../..');
const policyName = 'aiosv1.policies.cluster-controller-gateway.max-nodes';
const uri = (version: string) => `${policyName}:${version}-stable`;

let project: Project;
let directory: string;
let network: InProcessNetwork;

beforeEach(async () => {
  [project, directory] = await Promise.all([Project.create(), mkdtemp(path.join(tmpdir(), 'aios-governance-'))]);
  network = await startNetwork({ inProcess: true, directory, timeScale: 0 });
  process.env.AIOS_ENDPOINT_TOKENS = networkEnvironment(network).AIOS_ENDPOINT_TOKENS;
  await project.write(
    'Pulumi.yaml',
    `name: sample
runtime: { name: nodejs, options: { typescript: false, nodeargs: --require tsx/cjs } }
plugins: { providers: [{ name: aios, path: ${CHECKOUT}/policies/provider }] }
`,
  );
});

afterEach(async () => {
  await network.close();
  await Promise.all([project.remove(), rm(directory, { recursive: true })]);
});

/** A network with one policy, bound in it and in one cluster. */
function program(endpoints: string, { version = 'v0.0.1', max = 20 } = {}): string {
  return `
    import * as pulumi from '@pulumi/pulumi';
    import { AiosProvider, ClusterPreCheckPolicies, Policy, PolicyExecutor, PreCheckPolicies } from '${CHECKOUT}/policies/resources';
    const provider = new AiosProvider('aios', ${endpoints});
    const code = { url: 'http://code.example/max-nodes.tar.gz', sha256: '${'0'.repeat(64)}' };
    const policy = new Policy('max-nodes', { name: '${policyName}', version: '${version}', type: 'pre-check', code }, { provider });
    const parameters = { max: ${max}, key: pulumi.secret('hunter22') };
    new PreCheckPolicies('network', {
      bindings: { add_node: { policy: policy.uri, parameters }, remove_node: null }, replicas: 1,
    }, { provider });
    new ClusterPreCheckPolicies('cluster-1', {
      clusterId: 'cluster-1', bindings: { remove_cluster: { policy: policy.uri } },
    }, { provider });
    new PolicyExecutor('executor', { executorId: 'executor-001', clusterPublicIp: '203.0.113.7' }, { provider });
  `;
}

const urls = () => {
  const { gateway, policiesSystem, clustersRegistry } = network;
  return JSON.stringify({
    gateway: { url: gateway },
    policiesSystem: { url: policiesSystem },
    clustersRegistry: { url: clustersRegistry },
  });
};

const addNode = (version: string, max: number) => ({
  policyRuleURI: uri(version),
  parameters: { max, key: 'hunter22' },
});
const clusterMap = () => (network.clusters()[0]?.config as Record<string, unknown>).actionsPolicyMap;

test('a network is governed from its first day to its last', async () => {
  network.seed({ clusters: [{ id: 'cluster-1', config: { publicHostname: 'one' } }] });
  await project.program(program(urls()));
  const preview = await project.engine(['preview', '--diff']);
  expect(preview).toMatchObject({ code: 0 });
  expect(network.requests('gateway')).toEqual([]);

  expect(await project.changes('up', '--yes')).toEqual({ create: 6 });
  expect(network.gatewayMaps()).toEqual([{ add_node: addNode('v0.0.1', 20) }]);
  expect(clusterMap()).toEqual({ remove_cluster: uri('v0.0.1') });
  expect(network.executors()).toEqual([expect.objectContaining({ executor_host_uri: 'http://203.0.113.7:30900' })]);
  const exported = await project.engine(['stack', 'export']);
  expect(exported.stdout).toContain(uri('v0.0.1'));
  expect(exported.stdout).not.toContain('hunter22');

  const calls = network.requests('gateway').length + network.requests('policiesSystem').length;
  expect(await project.changes('up', '--yes', '--expect-no-changes')).toEqual({ same: 6 });
  expect(network.requests('gateway').length + network.requests('policiesSystem').length).toBe(calls);

  await project.program(program(urls(), { version: 'v0.0.2', max: 5 }));
  const shown = await project.engine(['preview', '--diff']);
  expect(shown.stdout).toContain('max');
  expect(shown.stdout).not.toContain('hunter22');
  expect(await project.changes('up', '--yes')).toMatchObject({ replace: 1, update: 2 });
  expect(network.gatewayMaps()).toEqual([{ add_node: addNode('v0.0.2', 5) }]);
  expect(network.policies().map((policy) => policy.policy_rule_uri)).toEqual([uri('v0.0.2')]);

  await fetch(`${network.gateway}/pre-check-policies/update`, {
    method: 'POST',
    headers: { authorization: `Bearer ${network.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ add_node: addNode('v0.0.2', 500) }),
  });
  expect(await project.changes('refresh', '--yes')).toMatchObject({ update: 1 });
  expect(await project.changes('up', '--yes')).toMatchObject({ update: 1 });
  expect(network.gatewayMaps()).toEqual([{ add_node: addNode('v0.0.2', 5) }]);

  const destroyed = await project.engine(['destroy', '--yes']);
  expect(destroyed).toMatchObject({ code: 0 });
  expect(network.gatewayMaps()).toEqual([{}]);
  expect(clusterMap()).toEqual({});
  expect([network.policies(), network.executors()]).toEqual([[], []]);
});

test('failures are told in words that say what to do, and another address replaces nothing', async () => {
  await project.program(program(urls()).replaceAll('add_node', 'add_nod'));
  const refused = await project.engine(['preview']);
  expect(refused.stdout + refused.stderr).toContain('bindings.add_nod: no such action; did you mean add_node?');
  await project.program(program(urls()));
  const failed = await project.engine(['up', '--yes']);
  expect(failed.code).not.toBe(0);
  expect(failed.stdout + failed.stderr).toContain('clusterId: "cluster-1" is not in the clusters registry');

  network.seed({ clusters: [{ id: 'cluster-1', config: {} }] });
  await project.changes('up', '--yes');
  await project.program(program(urls().replaceAll('127.0.0.1', 'localhost')));
  const changes = await project.changes('up', '--yes');
  expect(changes).toEqual({ same: 5, update: 1 });
});

test('services are reached through the API server, with the credentials of the kubeconfig', async () => {
  const seen = new Set<string>();
  const targets: Record<string, string> = {
    '/api/v1/namespaces/services/services/gateway:5000/proxy': network.gateway,
    '/api/v1/namespaces/registries/services/policies-system:10000/proxy': network.policiesSystem,
    '/api/v1/namespaces/registries/services/clusters:3000/proxy': network.clustersRegistry,
  };
  const apiServer = createServer((incoming, answer) => {
    seen.add(incoming.headers.authorization ?? '');
    const [prefix, target] = Object.entries(targets).find(([known]) => incoming.url?.startsWith(known)) ?? [];
    if (prefix === undefined || target === undefined) answer.writeHead(404).end();
    else forward(incoming, answer, `${target}${(incoming.url ?? '').slice(prefix.length)}`);
  });
  await new Promise<void>((resolve) => apiServer.listen(0, '127.0.0.1', resolve));
  try {
    const server = `http://127.0.0.1:${(apiServer.address() as AddressInfo).port}`;
    await project.write(
      'kubeconfig',
      JSON.stringify({
        clusters: [{ name: 'c', cluster: { server, 'insecure-skip-tls-verify': true } }],
        users: [{ name: 'u', user: { token: 'token-of-the-stack' } }],
        contexts: [{ name: 'here', context: { cluster: 'c', user: 'u' } }],
      }),
    );
    const service = (namespace: string, name: string, port: number) => ({ service: { namespace, name, port } });
    const endpoints = {
      gateway: service('services', 'gateway', 5000),
      policiesSystem: service('registries', 'policies-system', 10000),
      clustersRegistry: service('registries', 'clusters', 3000),
      kubeconfig: path.join(project.directory, 'kubeconfig'),
      context: 'here',
    };
    network.seed({ clusters: [{ id: 'cluster-1', config: {} }] });
    await project.program(program(JSON.stringify(endpoints)));
    await project.changes('up', '--yes');
    expect(network.gatewayMaps()).toEqual([{ add_node: addNode('v0.0.1', 20) }]);
    expect(clusterMap()).toEqual({ remove_cluster: uri('v0.0.1') });
    expect([...seen]).toEqual(['Bearer token-of-the-stack']);
  } finally {
    apiServer.closeAllConnections();
    apiServer.close();
  }
});

function forward(incoming: IncomingMessage, answer: ServerResponse, url: string): void {
  const { method = 'GET', headers: given } = incoming;
  // As an API server's proxy does: the kubeconfig's credentials stay with it, and the service is called by its own name.
  const headers = { ...given, host: new URL(url).host, authorization: `Bearer ${network.token}` };
  incoming.pipe(
    request(url, { method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    }),
  );
}
