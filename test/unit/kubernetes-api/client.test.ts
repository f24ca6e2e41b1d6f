import { ApiClient, ApiError, InterruptedError, UnreachableError } from '../../../kubernetes-api';
import { TestServer, closeServers } from './servers';
import { type Parts, targetOf } from './targets';

const clients: ApiClient[] = [];
afterEach(async () => {
  clients.splice(0).forEach((client) => client.close());
  await closeServers();
});

function clientOf(server: string, parts: Parts = {}, timeoutSeconds = 5): ApiClient {
  const client = new ApiClient(targetOf(server, parts), timeoutSeconds);
  clients.push(client);
  return client;
}

const get = (client: ApiClient, options: { signal?: AbortSignal; retries?: number } = {}) =>
  client.request({ method: 'GET', path: '/api', repeatable: true, retries: 0, ...options });

const failure = (request: Promise<unknown>) =>
  request.then(
    () => undefined,
    (error: unknown) => error as Error,
  );

test('a server that accepts and never answers is given up, and nobody else waits for it again', async () => {
  const { url } = await TestServer.silent();
  const client = clientOf(url, {}, 0.2);
  const first = await failure(get(client, { retries: 4 }));
  expect(first).toBeInstanceOf(UnreachableError);
  expect(first?.message).toMatch(/cannot reach .* \(context "here"\): no answer for 0.2 s/);
  const before = performance.now();
  await expect(get(client)).rejects.toBe(first);
  expect(performance.now() - before).toBeLessThan(100);
});

test('who waits for a server to come up asks again, however long it was silent', async () => {
  let silent = true;
  const { url } = await TestServer.http((_, response) => (silent ? undefined : response.end('{"kind":"Pod"}')));
  const client = clientOf(url, {}, 0.2);
  await expect(client.exchange({ method: 'GET', path: '/readyz' })).rejects.toThrow(/no answer/);
  silent = false;
  await expect(client.exchange({ method: 'GET', path: '/readyz' })).resolves.toMatchObject({ code: 200 });
});

test('a server that has answered before is asked again after a silence', async () => {
  let silent = false;
  const { url } = await TestServer.http((_, response) => (silent ? undefined : response.end('{"kind":"Pod"}')));
  const client = clientOf(url, {}, 0.2);
  await get(client);
  silent = true;
  await expect(get(client)).rejects.toThrow(/no answer/);
  silent = false;
  await expect(get(client)).resolves.toMatchObject({ code: 200 });
});

test.each(['GET', 'dry run'])('an abort ends the waiting for a %s at once', async (what) => {
  const { url } = await TestServer.silent();
  const abort = new AbortController();
  const client = clientOf(url, {}, 60);
  const message = what === 'GET' ? { method: 'GET' as const } : { method: 'PATCH' as const, query: { dryRun: 'All' } };
  const waiting = failure(client.request({ ...message, path: '/api', repeatable: true, signal: abort.signal }));
  setImmediate(() => abort.abort());
  expect(await waiting).toBeInstanceOf(InterruptedError);
});

test('a change under way is waited for after an abort: its outcome is not lost', async () => {
  const abort = new AbortController();
  const { url } = await TestServer.http((_, response) => {
    abort.abort();
    setTimeout(() => response.writeHead(201).end('{"kind":"Pod"}'), 50);
  });
  const changing = clientOf(url).request({ method: 'PATCH', path: '/a', repeatable: true, signal: abort.signal });
  await expect(changing).resolves.toMatchObject({ code: 201 });
});

test('what answers and is no API server is named as such', async () => {
  const { url } = await TestServer.http((_, response) => response.end('<html>Please log in</html>'));
  const error = await failure(get(clientOf(url)));
  expect(error?.message).toMatch(/no Kubernetes API server \(HTTP 200, not JSON\)/);
  expect(error?.message).not.toContain('html');
});

test('TLS with what does not speak it', async () => {
  const { port } = await TestServer.json({});
  const error = await failure(get(clientOf(`https://127.0.0.1:${port}`)));
  expect(error?.message).toMatch(/cannot reach .*: what answers there does not speak TLS/);
});

test('nothing listens there', async () => {
  const { url } = await TestServer.json({});
  await closeServers();
  expect((await failure(get(clientOf(url))))?.message).toMatch(/nothing listens at this address \(ECONNREFUSED\)/);
});

test('a passing failure is tried again, a lasting one is the answer', async () => {
  let busy = 1;
  const server = await TestServer.http((_, response) => {
    const isBusy = busy-- > 0;
    response.writeHead(isBusy ? 503 : 200).end(isBusy ? 'upstream connect error' : '{"kind":"Pod"}');
  });
  await expect(get(clientOf(server.url), { retries: 4 })).resolves.toMatchObject({ code: 200, attempts: 2 });
  const forbidden = await TestServer.json({ kind: 'Status', reason: 'Forbidden', message: 'no' }, 403);
  const error = await failure(get(clientOf(forbidden.url), { retries: 4 }));
  expect(error).toBeInstanceOf(ApiError);
  expect(forbidden.asked).toHaveLength(1);
});

test('impersonation is kubectl’s', async () => {
  const server = await TestServer.json({ kind: 'Pod' });
  const user = { token: 't', as: 'ci', 'as-groups': ['a', 'b'], 'as-uid': '7', 'as-user-extra': { scope: ['x'] } };
  await get(clientOf(server.url, { user }));
  expect(server.asked[0]?.headers).toMatchObject({
    authorization: 'Bearer t',
    'impersonate-user': 'ci',
    'impersonate-group': 'a, b',
    'impersonate-uid': '7',
    'impersonate-extra-scope': 'x',
  });
});

test('a certificate that is none is named by its key, not by the library’s words', () => {
  const bad = Buffer.from('garbage').toString('base64');
  expect(() => clientOf('https://127.0.0.1:1', { cluster: { 'certificate-authority-data': bad } })).toThrow(
    /certificate-authority of "c" is not valid PEM/,
  );
  const user = { 'client-certificate-data': bad, 'client-key-data': bad };
  expect(() => clientOf('https://127.0.0.1:1', { user })).toThrow(/client-certificate of "me" is not valid PEM/);
  expect(() => clientOf('127.0.0.1:1')).toThrow(/server "127.0.0.1:1" is not an http or https URL/);
});

describe('proxies', () => {
  const { HTTP_PROXY } = process.env;
  afterEach(() => {
    if (HTTP_PROXY === undefined) delete process.env.HTTP_PROXY;
    else process.env.HTTP_PROXY = HTTP_PROXY;
  });

  test.each(['proxy-url', 'HTTP_PROXY'])('of %s leads to a server that is not reached otherwise', async (source) => {
    const server = await TestServer.json({ kind: 'Pod' });
    const proxy = await TestServer.proxy(server);
    if (source === 'HTTP_PROXY') process.env.HTTP_PROXY = proxy.url;
    const cluster: Record<string, string> = source === 'proxy-url' ? { 'proxy-url': proxy.url } : {};
    await expect(get(clientOf('http://api.example.test:6443', { cluster }))).resolves.toMatchObject({ code: 200 });
    expect(proxy.tunnels).toEqual(['api.example.test:6443']);
  });

  test('that refuse, are not there or say nothing are named, without their password', async () => {
    const refusing = await TestServer.proxy(await TestServer.json({}), 407);
    const silent = await TestServer.silent();
    const message = async (proxyUrl: string) => {
      const client = clientOf('http://api.example.test:6443', { cluster: { 'proxy-url': proxyUrl } }, 0.2);
      return (await failure(get(client)))?.message ?? '';
    };
    const refused = await message(refusing.url.replace('//', '//me:geheim@'));
    expect(refused).toMatch(
      /through the proxy http:\/\/127.0.0.1:\d+\): the proxy refuses to connect to it \(HTTP 407\)/,
    );
    expect(refused).not.toContain('geheim');
    expect(await message(silent.url)).toMatch(/the proxy does not answer|no answer for/);
    await expect(message('ftp://x')).rejects.toThrow(/proxy-url of the kubeconfig: the proxy must be/);
  });
});
