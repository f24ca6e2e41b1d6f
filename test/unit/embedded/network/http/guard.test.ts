import { request } from 'node:http';
import type { InProcessNetwork } from '../../../../../embedded/network';
import { SERVICES } from '../../../../../embedded/network/services';
import { policy } from '../policies';
import { withNetwork } from '../temporary-network';

type Headers = Record<string, string>;

/** A request as written here: `fetch` would set Host, and refuse Origin. */
function attempt(base: string, headers: Headers, method = 'GET', path = '/', body = ''): Promise<number> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(base);
    request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .once('error', reject)
      .end(body);
  });
}

const bearer = ({ token }: InProcessNetwork) => ({ authorization: `Bearer ${token}` });

it.each(SERVICES)('%s turns away whoever does not know the token of its start', async (service) => {
  await withNetwork({}, async (network) => {
    const wrong: Headers[] = [
      {},
      { authorization: '' },
      { authorization: network.token },
      { authorization: `Bearer ${network.token.slice(1)}` },
      { authorization: `Bearer ${network.token}x` },
      { authorization: `Basic ${Buffer.from(`x:${network.token}`).toString('base64')}` },
    ];
    for (const headers of wrong) await expect(attempt(network[service], headers)).resolves.toBe(401);
    await expect(attempt(network[service], bearer(network))).resolves.not.toBe(401);
  });
});

it('a policy of a stranger is neither stored nor run', async () => {
  await withNetwork({}, async (network) => {
    const json = { 'content-type': 'application/json' };
    const body = JSON.stringify(policy({ code: 'http://127.0.0.1:1/evil.tar.gz' }));
    await expect(attempt(network.policiesSystem, json, 'POST', '/policy', body)).resolves.toBe(401);
    const execute = '/executor/e1/execute_policy';
    await expect(attempt(network.policiesSystem, json, 'POST', execute, '{}')).resolves.toBe(401);
    const archive = { 'content-type': 'application/gzip' };
    await expect(attempt(network.policyCode, archive, 'PUT', '/evil.tar.gz', 'x')).resolves.toBe(401);
    expect([network.policies(), network.executors()]).toEqual([[], []]);
  });
});

it.each([
  'attacker.example',
  'attacker.example:PORT',
  '127.0.0.1',
  '127.0.0.1:1',
  '127.0.0.1.attacker.example:PORT',
  'localhost:1',
  '0.0.0.0:PORT',
])('a request for the host %s is turned away, token or not', async (host) => {
  await withNetwork({}, async (network) => {
    const { port } = new URL(network.policiesSystem);
    const headers = { ...bearer(network), host: host.replace('PORT', port) };
    await expect(attempt(network.policiesSystem, headers)).resolves.toBe(403);
  });
});

it.each(['127.0.0.1', 'localhost', '[::1]', 'LOCALHOST'])('its own name %s is let through', async (name) => {
  await withNetwork({}, async (network) => {
    const { port } = new URL(network.gateway);
    const headers = { ...bearer(network), host: `${name}:${port}` };
    await expect(attempt(network.gateway, headers, 'GET', '/pre-check-policies/get')).resolves.toBe(200);
  });
});

it.each(['https://attacker.example', 'null', 'http://127.0.0.1:8080'])(
  'a page of %s is turned away',
  async (origin) => {
    await withNetwork({}, async (network) => {
      await expect(attempt(network.gateway, { ...bearer(network), origin })).resolves.toBe(403);
    });
  },
);

it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])(
  'what is sent as "%s" is not stored',
  async (type) => {
    await withNetwork({}, async (network) => {
      const headers = { ...bearer(network), ...(type !== '' && { 'content-type': type }) };
      await attempt(network.policiesSystem, headers, 'POST', '/policy', JSON.stringify(policy()));
      expect(network.policies()).toEqual([]);
      await expect(attempt(network.policyCode, headers, 'PUT', '/x.tar.gz', 'x')).resolves.toBe(415);
    });
  },
);

it('tokens of two networks are not the same', async () => {
  await withNetwork({}, (one) =>
    withNetwork({}, async (other) => {
      expect(one.token).not.toBe(other.token);
      await expect(attempt(one.gateway, bearer(other))).resolves.toBe(401);
    }),
  );
});
