import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { urlRoute } from '../../../../../policies/provider/http/endpoint';
import { Semaphore } from '../../../../../policies/provider/http/semaphore';
import { Service } from '../../../../../policies/provider/http/service';
import { timing } from '../managed';

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

async function withServer<T>(handle: Handle, test: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await test(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const service = (url: string, options: { token?: string; limit?: number } = {}) => {
  const route = urlRoute({ url, ...(options.token !== undefined && { token: options.token }) });
  return new Service('the gateway', route, new Semaphore(options.limit ?? 8), timing);
};
const context = () => {
  const statuses: string[] = [];
  return { statuses, signal: new AbortController().signal, status: (text: string) => void statuses.push(text) };
};
const get = { method: 'GET', path: '/x?y=1', repeatable: true } as const;
const post = { method: 'POST', path: '/x', body: { a: 1 }, repeatable: false } as const;

test('requests carry the bearer token, the path under the base URL, and a body as JSON', () => {
  const seen: unknown[] = [];
  const handle: Handle = (request, response) => {
    const { method, url, headers } = request;
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      seen.push([method, url, headers.authorization, headers['content-type'], body]);
      response.end('{"ok":true}');
    });
  };
  return withServer(handle, async (url) => {
    const gateway = service(`${url}/base/`, { token: 'token-1' });
    expect(await gateway.request(context(), post)).toMatchObject({ status: 200, body: { ok: true } });
    await gateway.request(context(), get);
    expect(seen).toEqual([
      ['POST', '/base/x', 'Bearer token-1', 'application/json', '{"a":1}'],
      ['GET', '/base/x?y=1', 'Bearer token-1', undefined, ''],
    ]);
  });
});

test('as many calls run at a time as allowed, and no more', async () => {
  const held: ServerResponse[] = [];
  let most = 0;
  const handle: Handle = (_request, response) => {
    most = Math.max(most, held.push(response));
    if (held.length < 3) return;
    setImmediate(() => held.splice(0).forEach((each) => each.end('{}')));
  };
  await withServer(handle, async (url) => {
    const gateway = service(url, { limit: 3 });
    await Promise.all(Array.from({ length: 39 }, () => gateway.request(context(), get)));
    expect(most).toBe(3);
  });
});

test('a connection is used again only for what may be repeated, and not where another process is to answer', async () => {
  const sockets = new Set<unknown>();
  const handle: Handle = (request, response) => {
    sockets.add(request.socket);
    response.end('{}');
  };
  await withServer(handle, async (url) => {
    const gateway = service(url);
    for (let i = 0; i < 3; i++) await gateway.request(context(), get);
    expect(sockets.size).toBe(1);
    await gateway.request(context(), post);
    await gateway.request(context(), { ...get, ownConnection: true });
    expect(sockets.size).toBe(3);
  });
});

test('a lost answer repeats what may be repeated, and nothing else', async () => {
  let requests = 0;
  const handle: Handle = (request, response) => {
    requests++;
    if (requests % 2 === 1) request.socket.destroy();
    else response.end('{}');
  };
  await withServer(handle, async (url) => {
    const gateway = service(url);
    await gateway.request(context(), get);
    expect(requests).toBe(2);
    await expect(gateway.request(context(), post)).rejects.toThrow(
      /gave no answer to POST \/x: .*Whether it was done is not known/,
    );
    expect(requests).toBe(3);
  });
});

test('what never arrived is repeated whatever it is, until the time is up, and the user sees why', async () => {
  // A port that was just given back: nobody listens there.
  const port = await new Promise<number>((resolve) => {
    const server = createTcpServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address() as AddressInfo;
      server.close(() => resolve(free));
    });
  });
  const waiter = context();
  const request = service(`http://127.0.0.1:${port}`).request(waiter, { ...post, timeoutMs: 200 });
  await expect(request).rejects.toThrow(/ECONNREFUSED.*after \d+ attempts/);
  expect(waiter.statuses[0]).toMatch(/^waiting for the gateway at http:.*ECONNREFUSED.*\(attempt 1\)$/);
});

test('an answer that dribbles in for too long is none, and the user sees what is waited for', () =>
  withServer(
    (_request, response) => {
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    },
    async (url) => {
      const waiter = context();
      const request = service(url).request(waiter, { ...get, timeoutMs: 250 });
      await expect(request).rejects.toThrow(/no answer within 0.\d s$/);
      expect(waiter.statuses[0]).toMatch(/^waiting for the gateway at http:.*: no answer for 0.\d s$/);
    },
  ));

test('an HTTP error is told in the words of the service, be they JSON or a page', async () => {
  const answers = ['{"error":"no such thing"}', '<html>\n  <title>Oops</title>'];
  await withServer(
    (_request, response) => response.writeHead(500).end(answers.shift()),
    async (url) => {
      const gateway = service(url);
      await expect(gateway.request(context(), get)).rejects.toThrow('answered HTTP 500 {"error":"no such thing"}');
      await expect(gateway.request(context(), get)).rejects.toThrow('answered HTTP 500 <html> <title>Oops</title>');
    },
  );
});

describe("an API server's own answers, through its service proxy", () => {
  const status = (code: number, message: string) =>
    JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message });
  const proxied = async (answer: string) =>
    withServer(
      (_request, response) => response.writeHead((JSON.parse(answer) as { code: number }).code).end(answer),
      async (url) => {
        const route = {
          ...urlRoute({ url }),
          apiServer: { renew: () => Promise.resolve(false) },
          address: 'service services/gateway:5000',
        };
        const gateway = new Service('the gateway', route, new Semaphore(1), { ...timing, timeoutMs: 600 });
        return gateway.request(context(), post);
      },
    );

  test.each([
    [
      403,
      'forbidden',
      /does not let this user through to service services\/gateway:5000.*grant get, create, update and delete on services\/proxy/,
    ],
    [404, 'services "gateway" not found', /service services\/gateway:5000 does not exist/],
    [503, 'no endpoints available for service "gateway"', /no endpoints available.*after \d+ attempts$/],
    [500, 'error trying to reach service: EOF', /EOF\. Whether it was done is not known/],
  ])('HTTP %i %s', async (code, message, error) => {
    await expect(proxied(status(code, message))).rejects.toThrow(error);
  });
});
