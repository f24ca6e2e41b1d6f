import { ManagementCluster } from '../../../infra/management-cluster';
import { networkConfig } from '../../network-config';
import { type Registration, runProgram } from '../../pulumi-mocks';

const OWN_NAMESPACES = {
  matchExpressions: [
    {
      key: 'kubernetes.io/metadata.name',
      operator: 'In',
      values: ['registries', 'utils', 'metrics-system', 'services'],
    },
  ],
};

// A whole stack is two hundred registrations: long for a busy machine, and nothing hangs.
jest.setTimeout(60_000);

type Json = Record<string, unknown>;

async function register(keys: Json): Promise<Registration[]> {
  const network = { name: 'test', advertisedHost: 'aios.example.org', ...keys };
  const policies = { bindings: { remove_cluster: 'read-only' } };
  const { resources } = await runProgram(() => {
    new ManagementCluster('test', networkConfig({ network, policies }), {});
  });
  return resources;
}

const of = (kind: string, resources: Registration[]) => resources.filter(({ inputs }) => inputs.kind === kind);
const inputsOf = (kind: string, name: string, resources: Registration[]) =>
  of(kind, resources).find((resource) => resource.name === name)?.inputs;
const specOf = (kind: string, name: string, resources: Registration[]) => inputsOf(kind, name, resources)?.spec as Json;

const loadBalancer = { annotations: { 'lb.example.org/type': 'nlb' } };

test('with an ingress, every port that upstream opens on nodes has one, and its Service none', async () => {
  const ingress = { className: 'nginx', annotations: { issuer: 'x' }, tlsSecret: '{service}-tls' };
  const resources = await register({ exposure: { ingress, loadBalancer } });
  expect(JSON.stringify(of('Service', resources).map(({ inputs }) => inputs))).not.toMatch(/nodePort|NodePort/);
  // 22 services with an HTTP port, one of which has two, and the code of policies.
  expect(of('Ingress', resources)).toHaveLength(24);
  expect(inputsOf('Ingress', 'clusters-db', resources)).toMatchObject({
    metadata: { name: 'clusters-db', namespace: 'registries', annotations: { issuer: 'x' } },
    spec: {
      ingressClassName: 'nginx',
      rules: [
        {
          host: 'clusters-db.aios.example.org',
          http: {
            paths: [{ path: '/', backend: { service: { name: 'clusters-db-service', port: { number: 3000 } } } }],
          },
        },
      ],
      tls: [{ hosts: ['clusters-db.aios.example.org'], secretName: 'clusters-db-tls' }],
    },
  });
  const ports = new Map(
    of('Service', resources).map(({ inputs }) => {
      const { namespace, name } = inputs.metadata as Json;
      const { ports: list } = inputs.spec as { ports: { port: number }[] };
      return [`${String(namespace)}/${String(name)}`, list.map(({ port }) => port)];
    }),
  );
  for (const { inputs } of of('Ingress', resources)) {
    const { namespace } = inputs.metadata as Json;
    const text = JSON.stringify(inputs.spec);
    const { service, port } = /"name":"(?<service>[^"]+)","port":\{"number":(?<port>\d+)/.exec(text)?.groups ?? {};
    expect(ports.get(`${String(namespace)}/${service ?? ''}`)).toContain(Number(port));
  }
  expect(inputsOf('Service', 'metrics-redis', resources)).toMatchObject({
    metadata: { annotations: { 'lb.example.org/type': 'nlb' } },
    spec: { type: 'LoadBalancer' },
  });
});

test('with a gateway, a route to each', async () => {
  const gateway = { name: 'public', namespace: 'gateways', listener: 'https' };
  const resources = await register({ exposure: { gateway, loadBalancer } });
  expect(of('HTTPRoute', resources)).toHaveLength(24);
  expect(inputsOf('HTTPRoute', 'policy-code', resources)).toMatchObject({
    apiVersion: 'gateway.networking.k8s.io/v1',
    metadata: { namespace: 'registries' },
    spec: {
      parentRefs: [{ name: 'public', namespace: 'gateways', sectionName: 'https' }],
      hostnames: ['policy-code.aios.example.org'],
      rules: [{ backendRefs: [{ name: 'policy-code', port: 8080 }] }],
    },
  });
});

test('sources are kept and let in, with the network itself, where nodes or load balancers open ports', async () => {
  const keys = { allowedSources: ['10.0.0.0/8'], allowedNamespaces: ['ops'], externalTrafficPolicy: 'Local' };
  const resources = await register(keys);
  const from = [
    { ipBlock: { cidr: '10.0.0.0/8' } },
    { namespaceSelector: OWN_NAMESPACES },
    {
      namespaceSelector: {
        matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['ops'] }],
      },
    },
  ];
  for (const name of ['parser', 'policy-code', 'metrics-redis']) {
    expect(specOf('NetworkPolicy', name, resources).ingress).toEqual([{ from, ports: [expect.anything()] }]);
    expect(specOf('Service', name, resources)).toMatchObject({ type: 'NodePort', externalTrafficPolicy: 'Local' });
  }
  expect(specOf('NetworkPolicy', 'vdag-processor', resources).ingress).toEqual([{ ports: [expect.anything()] }]);

  const balanced = specOf('Service', 'parser', await register({ ...keys, exposure: { loadBalancer } }));
  expect(balanced).toMatchObject({ type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0/8'] });
});

test('another exposure changes Services, and makes none anew', async () => {
  const urns = (resources: Registration[]) =>
    of('Service', resources)
      .map(({ urn }) => urn)
      .toSorted();
  const before = urns(await register({}));
  expect(urns(await register({ exposure: { ingress: {}, loadBalancer } }))).toEqual(before);
});
