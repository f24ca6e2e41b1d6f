import { withCluster } from '../../../../operations/cluster/connect';
import type { StackObject } from '../../../../operations/stack-objects/objects';
import { stateOf, verify } from '../../../../operations/verify/verify';
import { networkConfig } from '../../../network-config';
import { closeServers, TestServer } from '../../kubernetes-api/servers';

afterEach(closeServers);

const object = (kind: string, namespace: string): StackObject => ({
  apiVersion: kind === 'Deployment' ? 'apps/v1' : 'v1',
  kind,
  name: 'parser',
  namespace,
  content: { metadata: { name: 'parser', namespace }, spec: { selector: { app: 'parser' }, replicas: 1 } },
});

const OBJECTS = [
  object('Deployment', 'services'),
  object('Deployment', 'utils'),
  object('Service', 'utils'),
  object('PersistentVolumeClaim', 'utils'),
];

/** A stack on a cluster that refuses some paths with a code. */
async function subjectOn(code: number, refused: RegExp) {
  const server = await TestServer.http(({ url = '' }, response) => {
    const isRefused = refused.test(url);
    const body = isRefused ? { kind: 'Status', code, message: `"intern" cannot list ${url}` } : { items: [] };
    response.writeHead(isRefused ? code : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  const kubeconfig = JSON.stringify({
    apiVersion: 'v1',
    contexts: [{ name: 'here', context: { cluster: 'c', user: '' } }],
    clusters: [{ name: 'c', cluster: { server: server.url } }],
  });
  const registry = { backup: { to: { volume: {} } } };
  const config = networkConfig({ registry, cluster: { context: 'here' } });
  return { config: { ...config, cluster: { context: 'here', kubeconfig } }, objects: OBJECTS, patches: [] };
}

const unreadOf = async (refused: RegExp) => {
  const found = await verify(await subjectOn(403, refused), { env: {}, drift: true });
  const unread = found.sections.flatMap(({ check, findings }) =>
    findings.filter(({ state }) => state === 'unread').map(({ subject }) => `${check}: ${subject}`),
  );
  return { state: stateOf(found), unread: unread.filter((line) => !line.startsWith('governance')) };
};

test('where nothing may be read that is said of each, and is no agreement', async () => {
  expect(await unreadOf(/^\/apis?\//)).toEqual({
    state: 'unread',
    unread: [
      'workloads: services',
      'workloads: utils',
      'databases: members of registry',
      'databases: members of metrics',
      'volumes: utils',
      'services: utils',
      'backups: backup of registry',
      'drift: Deployment services/parser',
      'drift: Deployment utils/parser',
      'drift: Service utils/parser',
      'drift: PersistentVolumeClaim utils/parser',
    ],
  });
});

test('what may be read in one namespace is told, though another is closed', async () => {
  expect(await unreadOf(/\/namespaces\/utils\//)).toEqual({
    state: 'bad',
    unread: ['workloads: utils', 'volumes: utils', 'services: utils'],
  });
});

test('a gateway that does not answer is told of beside all else', async () => {
  const { sections, rows } = await verify(await subjectOn(500, /deployments\/cluster-controller-gateway/), {
    env: {},
    drift: false,
  });
  expect(rows).toEqual([]);
  expect(sections[0]).toMatchObject({ check: 'governance', findings: [{ subject: 'the gateway', state: 'unread' }] });
  expect(sections).toHaveLength(7);
});

test('credentials that are refused end it', async () => {
  await expect(verify(await subjectOn(401, /^\/apis?\//), { env: {}, drift: false })).rejects.toThrow('log in again');
  await expect(withCluster((await subjectOn(401, /version/)).config.cluster, () => Promise.resolve())).rejects.toThrow(
    'log in again',
  );
});
