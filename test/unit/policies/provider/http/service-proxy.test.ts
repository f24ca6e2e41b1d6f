import { Semaphore } from '../../../../../policies/provider/http/semaphore';
import { Service } from '../../../../../policies/provider/http/service';
import { ServiceProxy } from '../../../../../policies/provider/http/service-proxy';
import { TestServer, closeServers } from '../../../kubernetes-api/servers';
import { timing } from '../managed';

afterEach(closeServers);

const PATH = '/api/v1/namespaces/services/services/cluster-controller-gateway:5000/proxy/pre-check-policies/get';
const endpoint = { service: { namespace: 'services', name: 'cluster-controller-gateway', port: 5000 } };

const kubeconfig = (server: string, cluster: object = {}) =>
  JSON.stringify({
    apiVersion: 'v1',
    'current-context': 'other',
    contexts: ['other', 'mine'].map((name) => ({ name, context: { cluster: name, user: name } })),
    clusters: ['other', 'mine'].map((name) => ({ name, cluster: { server, ...cluster } })),
    users: ['other', 'mine'].map((name) => ({ name, user: { token: `token of ${name}` } })),
  });

function ask(access: { kubeconfig: string; context?: string }, request: { ownConnection?: boolean } = {}) {
  const route = new ServiceProxy(access).route(endpoint);
  const service = new Service('the gateway', route, new Semaphore(8), { ...timing, timeoutMs: 500 });
  const context = { signal: new AbortController().signal, status: () => undefined };
  return service.request(context, { method: 'GET', path: '/pre-check-policies/get', repeatable: true, ...request });
}

test.each([
  ['the current context', undefined, 'Bearer token of other', ''],
  ['a context that is named', 'mine', 'Bearer token of mine', ''],
  ['an API server below a path', 'mine', 'Bearer token of mine', '/clusters/c-1'],
])('a service is reached through the API server, with the credentials of %s', async (_, context, token, root) => {
  const server = await TestServer.json({ map: {} });
  const access = { kubeconfig: kubeconfig(`${server.url}${root}`), ...(context !== undefined && { context }) };
  await expect(ask(access)).resolves.toMatchObject({ status: 200, body: { map: {} } });
  expect(server.asked.map(({ url, headers }) => [url, headers.authorization])).toEqual([[`${root}${PATH}`, token]]);
});

test.each([false, true])(
  'the proxy of the kubeconfig is on the way, on an own connection %s',
  async (ownConnection) => {
    const server = await TestServer.json({ map: {} });
    const proxy = await TestServer.proxy(server);
    const access = { kubeconfig: kubeconfig('http://api.example.test:6443', { 'proxy-url': proxy.url }) };
    await expect(ask(access, { ownConnection })).resolves.toMatchObject({ status: 200 });
    expect(proxy.tunnels).toEqual(['api.example.test:6443']);
  },
);

test.each([
  [
    403,
    'services "x" is forbidden',
    /does not let this user through to service services\/cluster-controller-gateway:5000/,
  ],
  [
    404,
    'services "x" not found',
    /^service services\/cluster-controller-gateway:5000 does not exist: .*deploy it first/,
  ],
  [503, 'no endpoints available for service "x"', /the API server cannot reach it: no endpoints available/],
])('what the API server says of itself with %i is not taken for the service’s answer', async (code, message, told) => {
  const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message };
  const server = await TestServer.json(status, code);
  await expect(ask({ kubeconfig: kubeconfig(server.url) })).rejects.toThrow(told);
});

test('an API server that is not there is named with its context, and no token', async () => {
  const server = await TestServer.json({});
  const { url } = server;
  await closeServers();
  const asking = ask({ kubeconfig: kubeconfig(url), context: 'mine' });
  await expect(asking).rejects.toThrow(/the Kubernetes API server http:\/\/127\.0\.0\.1:\d+ \(context "mine"\)/);
  await expect(asking).rejects.not.toThrow(/token of/);
});

test('a kubeconfig of no use is told before anything is sent', async () => {
  await expect(ask({ kubeconfig: kubeconfig('http://127.0.0.1:1'), context: 'none' })).rejects.toThrow(
    'has no context "none"; it has: other, mine',
  );
});
