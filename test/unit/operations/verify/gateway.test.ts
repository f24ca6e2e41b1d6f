import { withCluster } from '../../../../operations/cluster/connect';
import { readGateway } from '../../../../operations/verify/governance/gateway';
import type { JsonMap } from '../../../../kubernetes-api';
import { TestServer, closeServers } from '../../kubernetes-api/servers';

afterEach(closeServers);

const kubeconfig = (server: string) =>
  JSON.stringify({
    apiVersion: 'v1',
    contexts: [{ name: 'here', context: { cluster: 'c', user: '' } }],
    clusters: [{ name: 'c', cluster: { server } }],
  });
const gateway = async (server: TestServer) =>
  withCluster({ context: 'here', kubeconfig: kubeconfig(server.url) }, readGateway);

const MAP = 'CLUSTER_CONTROLLER_GATEWAY_ACTIONS_MAP';
const fromConfigMap = (key: string) => ({ valueFrom: { configMapKeyRef: { name: 'actions', key } } });
const containers = (mode: string, map: JsonMap) => [
  {
    name: 'main',
    env: [
      { name: 'POLICY_EXECUTION_MODE', value: mode },
      { name: MAP, ...map },
    ],
  },
  { name: 'sidecar', env: [{ name: 'POLICY_EXECUTION_MODE', value: 'of the sidecar' }] },
];
const LABELS = { app: 'gateway', tier: 'core' };
const pod = (mode: string, phase = 'Running', metadata: JsonMap = {}) => ({
  metadata: { labels: LABELS, ...metadata },
  spec: { containers: containers(mode, fromConfigMap('map')) },
  status: { phase },
});
const deployment = (map: JsonMap) => ({
  spec: {
    replicas: 2,
    selector: { matchLabels: LABELS },
    template: { spec: { containers: containers('remote', map) } },
  },
});

const serve = (objects: { deployment: JsonMap; pods?: JsonMap[]; data?: JsonMap }) =>
  TestServer.http(({ url = '' }, response) => {
    const { pods = [], data = {} } = objects;
    const body = url.includes('/pods') ? { items: pods } : url.includes('/configmaps/') ? { data } : objects.deployment;
    response.end(JSON.stringify(body));
  });

test('the Deployment’s environment is read with its ConfigMap; of pods only what they say themselves', async () => {
  const ends = { deletionTimestamp: '2026-01-01T00:00:00Z' };
  const other = pod('z', 'Running', { labels: { app: 'gateway' } });
  const pods = [pod('remote'), pod('local'), pod('x', 'Pending'), pod('y', 'Running', ends), other];
  const server = await serve({ deployment: deployment(fromConfigMap('map')), pods, data: { map: '{"a":1}' } });
  expect(await gateway(server)).toEqual({
    deployment: { POLICY_EXECUTION_MODE: 'remote', [MAP]: '{"a":1}' },
    pods: [{ POLICY_EXECUTION_MODE: 'remote' }, { POLICY_EXECUTION_MODE: 'local' }],
    replicas: 2,
  });
});

test('a variable that is written out needs no ConfigMap, and a key that one lacks is none', async () => {
  const written = await serve({ deployment: deployment({ value: '{}' }) });
  expect((await gateway(written)).deployment[MAP]).toBe('{}');
  expect(written.asked.some(({ url = '' }) => url.includes('configmaps'))).toBe(false);
  const lacking = await serve({ deployment: deployment(fromConfigMap('another')), data: { map: '{}' } });
  expect((await gateway(lacking)).deployment[MAP]).toBeUndefined();
});

test('a gateway that is not there is told in words', async () => {
  const server = await TestServer.http(({ url }, response) =>
    response.writeHead(url === '/version' ? 200 : 404, { 'content-type': 'application/json' }).end('{}'),
  );
  await expect(gateway(server)).rejects.toThrow('Deployment services/cluster-controller-gateway is not there');
});

test('credentials that are refused are told at once', async () => {
  const server = await TestServer.json({ kind: 'Status', code: 401 }, 401);
  await expect(gateway(server)).rejects.toThrow(/refuses the credentials of the kubeconfig: log in again/);
});
