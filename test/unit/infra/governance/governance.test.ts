import * as pulumi from '@pulumi/pulumi';
import { SERVICE_NAMES } from '../../../../infra/catalogue';
import { ManagementCluster } from '../../../../infra/management-cluster';
import { networkConfig } from '../../../network-config';
import { ofType, type Registration, runProgram, SECRET_KEY } from '../../../pulumi-mocks';

// Nothing hangs: the machine may be busy.
jest.setTimeout(60_000);

const types = {
  policy: 'aios:governance:Policy',
  network: 'aios:governance:PreCheckPolicies',
  cluster: 'aios:governance:ClusterPreCheckPolicies',
  executor: 'aios:governance:PolicyExecutor',
  configMap: 'kubernetes:core/v1:ConfigMap',
  archive: 'kubernetes:core/v1:ConfigMapPatch',
  deployment: 'kubernetes:apps/v1:Deployment',
} as const;

const PREFIX = 'aiosv1.policies.cluster-controller-gateway.';

/** Governance has to do with three services; the others would only take time. */
const overrides = Object.fromEntries(
  SERVICE_NAMES.filter((name) => !['cluster-controller-gateway', 'policies-system', 'clusters-db'].includes(name)).map(
    (name) => [name, { enabled: false }],
  ),
);

async function register(policies: Record<string, unknown>, secretKeys: string[] = []): Promise<Registration[]> {
  const config = networkConfig(
    { policies, services: { imageRegistry: 'registry.example.org', overrides } },
    secretKeys,
  );
  const { resources } = await runProgram(() => {
    new ManagementCluster('test', config, {});
  });
  return resources;
}

function one(resources: Registration[], kind: keyof typeof types, name: string): Registration {
  const found = ofType(resources, types[kind]).find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found;
}

/** `Type name` of what a resource waits for. */
const waitsFor = ({ dependencies }: Registration) => dependencies.map((urn) => urn.split('::').slice(2).join(' '));
const endingWith = (end: string) => expect.stringMatching(new RegExp(`${end}$`)) as unknown;

const gatewayDeployment = endingWith(`${types.deployment} cluster-controller-gateway`);

describe('two rules, one of them listed under a name of its own, bound to the network and a cluster', () => {
  let resources: Registration[];
  beforeAll(async () => {
    resources = await register({
      rules: [{ rule: 'max-nodes', name: 'at-most-five', version: 'v0.2.0', parameters: { max: 5 } }],
      bindings: { add_node: { policy: 'max-nodes', parameters: { max: 20 } }, add_block: null },
      clusters: { 'cluster-456': { add_node: 'at-most-five', remove_node: `${PREFIX}other:v1-stable` } },
      unlisted: 'remove',
    });
  });

  test('are onboarded once their code is served and the policies system is ready', () => {
    expect(
      ofType(resources, types.policy)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['at-most-five', 'max-nodes']);
    const policy = one(resources, 'policy', 'at-most-five');
    expect(policy.inputs).toMatchObject({
      name: `${PREFIX}at-most-five`,
      version: 'v0.2.0',
      parameters: { max: 5 },
      duplicates: 'report',
      allowContentChange: false,
    });
    expect(waitsFor(policy)).toEqual(
      expect.arrayContaining([
        endingWith(`${types.deployment} policies-system`),
        endingWith(`${types.deployment} policy-code`),
      ]),
    );
  });

  test('share the archive of their code, at an address that names its content', () => {
    const [archive, ...others] = ofType(resources, types.archive);
    expect(others).toEqual([]);
    const [[file, content] = []] = Object.entries(archive?.inputs.binaryData as Record<string, string>);
    const { code } = one(resources, 'policy', 'max-nodes').inputs as { code: { url: string; sha256: string } };
    expect(code.url).toBe(`http://network.example.org:32555/${file ?? ''}`);
    expect(file).toBe(`max-nodes-v0.0.1-stable-${code.sha256.slice(0, 12)}.tar.gz`);
    expect(
      Buffer.from(content ?? '', 'base64')
        .subarray(0, 2)
        .toString('hex'),
    ).toBe('1f8b');
  });

  test('are bound by URI, once the gateway runs and the policies are onboarded that are bound', () => {
    const network = one(resources, 'network', 'network');
    expect(network.inputs).toEqual({
      bindings: { add_node: { policy: `${PREFIX}max-nodes:v0.0.1-stable`, parameters: { max: 20 } }, add_block: null },
      unlisted: 'remove',
      onDelete: 'restore',
      replicas: 1,
    });
    expect(waitsFor(network)).toContainEqual(gatewayDeployment);
    expect(waitsFor(network)).toContainEqual(endingWith(`${types.policy} max-nodes`));
    expect(waitsFor(network)).not.toContainEqual(endingWith(`${types.policy} at-most-five`));
  });

  test('are bound in the cluster, once its registry is ready too', () => {
    const cluster = one(resources, 'cluster', 'cluster-456');
    expect(cluster.inputs).toEqual({
      clusterId: 'cluster-456',
      bindings: {
        add_node: { policy: `${PREFIX}at-most-five:v0.2.0-stable` },
        remove_node: { policy: `${PREFIX}other:v1-stable` },
      },
      unlisted: 'remove',
      onDelete: 'restore',
    });
    expect(waitsFor(cluster)).toContainEqual(gatewayDeployment);
    expect(waitsFor(cluster)).toContainEqual(endingWith(`${types.deployment} clusters-db`));
    expect(waitsFor(cluster)).toContainEqual(endingWith(`${types.policy} at-most-five`));
  });

  test('are in the environment of the gateway, which starts only when they are onboarded', () => {
    const map = one(resources, 'configMap', 'pre-check-policies');
    expect(map.inputs).toMatchObject({ metadata: { namespace: 'services' } });
    const { 'actions-map': text = '' } = map.inputs.data as Record<string, string>;
    expect(JSON.parse(text)).toEqual({
      add_node: { policyRuleURI: `${PREFIX}max-nodes:v0.0.1-stable`, parameters: { max: 20 } },
    });
    expect(waitsFor(map)).toContainEqual(endingWith(`${types.policy} max-nodes`));
    const gateway = one(resources, 'deployment', 'cluster-controller-gateway');
    expect(waitsFor(gateway)).toContainEqual(endingWith(`${types.configMap} pre-check-policies`));
  });
});

test('another map leaves the pods of the gateway alone', async () => {
  const template = async (policies: Record<string, unknown>) =>
    one(await register(policies), 'deployment', 'cluster-controller-gateway').inputs.spec;
  const before = await template({});
  expect(await template({ bindings: { remove_node: 'read-only' } })).toEqual(before);
});

test('local to remote and back leaves every other variable as it was, and calls an executor that is registered', async () => {
  const environment = async (policies: Record<string, unknown>) => {
    const gateway = one(await register(policies), 'deployment', 'cluster-controller-gateway');
    const { env } = (gateway.inputs as { spec: { template: { spec: { containers: [{ env: { name: string }[] }] } } } })
      .spec.template.spec.containers[0];
    return { gateway, env, others: env.filter(({ name }) => !name.startsWith('POLICY_EXEC')) };
  };
  const executors = { 'executor-001': { clusterPublicIp: '203.0.113.1' } };
  const local = await environment({ executors });
  const remote = await environment({ executors, execution: { mode: 'remote', executor: 'executor-001' } });
  const back = await environment({ executors });

  expect(remote.env).toContainEqual({ name: 'POLICY_EXECUTION_MODE', value: 'remote' });
  expect(waitsFor(remote.gateway)).toContainEqual(endingWith(`${types.executor} executor-001`));
  expect(remote.others).toEqual(local.others);
  expect(back.env).toEqual(local.env);
  expect(local.env).toHaveLength(24);
});

test('code is uploaded where a stack names a server, and none is deployed', async () => {
  const resources = await register({ rules: ['audit-only'], code: { uploadUrl: 'https://code.example.org/rules/' } });
  expect(resources.filter(({ name }) => name.startsWith('policy-code'))).toEqual([]);
  const { code } = one(resources, 'policy', 'audit-only').inputs as {
    code: { url: string; upload: { url: string; content: string } };
  };
  expect(code.url).toMatch(/^https:\/\/code\.example\.org\/rules\/audit-only-v/);
  expect(code.upload.url).toBe(code.url);
  expect(code.upload.content).toMatch(/^H4sI/);
});

test("an executor's kubeconfig stays secret", async () => {
  const infrastructure = { kubeconfig: 'apiVersion: v1\nkind: Config\n', maxProcesses: 2 };
  const executors = { 'executor-001': { clusterPublicIp: '203.0.113.1', infrastructure } };
  const resources = await register({ executors }, ['policies']);
  const { inputs } = one(resources, 'executor', 'executor-001');
  expect(JSON.stringify(inputs)).toMatch(new RegExp(`${SECRET_KEY}.*kind: Config`));
});

test('an executor that cannot read its policies is warned of, and one that can is not', async () => {
  const warn = jest.spyOn(pulumi.log, 'warn').mockResolvedValue();
  const infrastructure = { kubeconfig: 'apiVersion: v1\nkind: Config\n', maxProcesses: 2 };
  const executors = { 'executor-001': { clusterPublicIp: '203.0.113.1', infrastructure } };
  await register({ executors, publicDatabaseUrl: 'mongodb://u:p@database.example.org/policies' }, ['policies']);
  const warned = () => warn.mock.calls.map(([text]) => text).filter((text) => text.startsWith('Executor'));
  expect(warned()).toEqual([]);
  await register({ executors }, ['policies']);
  expect(warned()).toEqual([
    'Executor executor-001: no policy runs there until policies.publicDatabaseUrl says where its database is (docs/governance.md).',
  ]);
  warn.mockRestore();
});

test('without policies there is nothing but the empty map that the gateway starts with', async () => {
  const resources = await register({});
  expect(resources.filter(({ type, custom }) => custom && type.startsWith('aios:'))).toEqual([]);
  expect(resources.filter(({ name }) => name === 'policy-code')).toEqual([]);
  expect(one(resources, 'configMap', 'pre-check-policies').inputs.data).toEqual({ 'actions-map': '{}' });
});
