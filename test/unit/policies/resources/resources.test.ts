import * as pulumi from '@pulumi/pulumi';

interface Registered {
  type: string;
  inputs: Record<string, unknown>;
  provider: string | undefined;
}

const registered: Registered[] = [];

async function register(program: (resources: typeof import('../../../../policies/resources')) => pulumi.Resource[]) {
  await pulumi.runtime.setMocks({
    newResource: ({ type, inputs, provider }) => {
      registered.push({ type, inputs: inputs as Record<string, unknown>, provider });
      return { id: 'id', state: { ...(inputs as object), uri: 'name:v1-stable' } };
    },
    call: () => ({}),
  });
  // The mocks have to be there before the first resource's module looks for an engine.
  const made = program(await import('../../../../policies/resources'));
  await Promise.all(made.map((resource) => new Promise((resolve) => resource.urn.apply(resolve))));
}

beforeEach(() => registered.splice(0));

test('resources are registered under their types, with bindings that name a policy by its output', async () => {
  await register(({ AiosProvider, ClusterPreCheckPolicies, Policy, PreCheckPolicies }) => {
    const endpoint = { url: 'http://127.0.0.1:1' };
    const services = { gateway: endpoint, policiesSystem: endpoint, clustersRegistry: endpoint };
    const provider = new AiosProvider('aios', services);
    const code = { url: 'http://code', sha256: '0' };
    const policy = new Policy('policy', { name: 'name', version: 'v1', type: 'pre-check', code }, { provider });
    const bindings = { add_node: { policy: policy.uri, parameters: { max: 1 } }, remove_node: null };
    return [
      policy,
      new PreCheckPolicies('network', { bindings }, { provider }),
      new ClusterPreCheckPolicies('cluster', { clusterId: 'cluster-1', bindings, unlisted: 'remove' }, { provider }),
    ];
  });
  const bindings = { add_node: { policy: 'name:v1-stable', parameters: { max: 1 } }, remove_node: null };
  expect(registered).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ type: 'pulumi:providers:aios' }),
      expect.objectContaining({ type: 'aios:governance:PreCheckPolicies', inputs: { bindings } }),
      expect.objectContaining({
        type: 'aios:governance:ClusterPreCheckPolicies',
        inputs: { clusterId: 'cluster-1', unlisted: 'remove', bindings },
      }),
    ]),
  );
});

test("an executor's kubeconfig is a secret without being declared one", async () => {
  const signature = '4dabf18193072939515e22adb298388d';
  await register(({ PolicyExecutor }) => [
    new PolicyExecutor('executor', {
      executorId: 'executor-001',
      clusterPublicIp: '203.0.113.7',
      infrastructure: { kubeconfig: 'kind: Config', maxProcesses: 2 },
    }),
  ]);
  expect(registered[0]?.inputs.infrastructure).toEqual({
    [signature]: '1b47061264138c4ac30d75fd1eb44270',
    // The SDK's mocks show an object with a secret in it as a secret.
    value: { kubeconfig: 'kind: Config', maxProcesses: 2 },
  });
});
