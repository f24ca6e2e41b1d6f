import type { PodHost } from '../../../../infra/database/members/types';
import { apiServer, type Asked } from './api-server';
import { podIo } from './members-script';

const env = {
  POD_NAME: 'registry-1',
  POD_NAMESPACE: 'registries',
  POD_UID: 'uid-1',
  STATEFUL_SET: 'registry',
  REPLICA_SET: 'rs0',
  MEMBER_DOMAIN: 'registries.svc.cluster.local:27017',
  KUBERNETES_SERVICE_HOST: '10.0.0.1',
  KUBERNETES_SERVICE_PORT: '443',
};

function host(https: PodHost['https'], written: string[][] = [], more: Record<string, string> = {}): PodHost {
  return {
    env: { ...env, ...more },
    https,
    fs: {
      readFileSync: (path: string) => `content of ${path.split('/').at(-1) ?? ''}\n`,
      writeFileSync: (path, text) => written.push(['write', path, text]),
      renameSync: (from, to) => written.push(['rename', from, to]),
    },
    connect: () => Promise.reject(new Error('not asked')),
    sleep: () => Promise.resolve(),
    log: () => undefined,
  };
}

const object = (body: unknown) => () => ({ status: 200, body });

test('what the probe reads is never seen half written: an empty file says that all is well', () => {
  const written: string[][] = [];
  podIo(host(apiServer().https, written)).report('RECOVERING');
  expect(written).toEqual([
    ['write', '/run/members/state.new', 'RECOVERING'],
    ['rename', '/run/members/state.new', '/run/members/state'],
  ]);
});

test('the StatefulSet is asked for with the token of the pod', async () => {
  const { https, asked } = apiServer(object({ spec: { replicas: 3 } }));
  await expect(podIo(host(https)).scale()).resolves.toMatchObject({ replicas: 3 });
  expect(asked).toMatchObject([
    {
      method: 'GET',
      path: '/apis/apps/v1/namespaces/registries/statefulsets/registry',
      headers: { authorization: 'Bearer content of token' },
    },
  ]);
});

test('a member with a Deployment of its own knows its number and how many there are, and asks only whether it stops', async () => {
  const { https, asked } = apiServer(object({ spec: { replicas: 1 } }));
  const own = { POD_NAME: 'registry-1-5d4f-x2x', MEMBER: 'registry-1', MEMBERS: '3' };
  const io = podIo(host(https, [], own));
  expect(io.ordinal).toBe(1);
  await expect(io.scale()).resolves.toEqual({ replicas: 3, existing: 3, stopping: false });
  expect(asked).toMatchObject([{ path: '/apis/apps/v1/namespaces/registries/deployments/registry-1' }]);
  const stopped = apiServer(object({ spec: { replicas: 0 } }));
  await expect(podIo(host(stopped.https, [], own)).scale()).resolves.toMatchObject({ stopping: true });
});

test('an API server that is away is named', async () => {
  await expect(podIo(host(apiServer().https)).scale()).rejects.toThrow(
    'the API server at 10.0.0.1:443 does not answer: timed out',
  );
});

describe('what is noted of the replica set', () => {
  const path = '/api/v1/namespaces/registries/configmaps/registry-initiated';

  test.each([
    ['nothing', {}, undefined],
    ['other annotations', { annotations: { a: 'b' } }, undefined],
    ['its id', { annotations: { 'aios-network/replica-set-id': 'abc' } }, 'abc'],
  ])('is %s', async (_, metadata, expected) => {
    const { https, asked } = apiServer(object({ metadata }));
    await expect(podIo(host(https)).readMark()).resolves.toBe(expected);
    expect(asked).toMatchObject([{ method: 'GET', path }]);
  });

  test.each([
    [404, 'ConfigMap registry-initiated is gone: "make refresh" and "make up"'],
    [403, 'the API server refuses (403): forbidden'],
  ])('is not nothing where the API server answers %d', async (status, message) => {
    const { https } = apiServer(() => ({ status, body: { message: 'forbidden' } }));
    await expect(podIo(host(https)).readMark()).rejects.toThrow(message);
  });

  test('is written without touching what others wrote', async () => {
    const { https, asked } = apiServer(object({}));
    await podIo(host(https)).writeMark('abc');
    expect(asked).toMatchObject([
      {
        method: 'PATCH',
        path,
        headers: { 'content-type': 'application/merge-patch+json' },
        body: { metadata: { annotations: { 'aios-network/replica-set-id': 'abc' } } },
      },
    ]);
  });

  test('names the primary, once for as long as it is the same', async () => {
    const noted = { annotations: { 'aios-network/primary': 'registry-0' } };
    const { https, asked } = apiServer(() => ({ status: 200, body: { metadata: noted } }));
    const io = podIo(host(https));
    await io.readMark();
    await io.announce();
    noted.annotations['aios-network/primary'] = 'registry-1';
    await io.readMark();
    await io.announce();
    const written = asked.filter(({ method }) => method === 'PATCH').map(({ body }) => body);
    expect(written).toEqual([{ metadata: { annotations: { 'aios-network/primary': 'registry-1' } } }]);
  });

  test('a primary that cannot be named is one all the same', async () => {
    const { https } = apiServer(() => ({ status: 403, body: { message: 'forbidden' } }));
    await expect(podIo(host(https)).announce()).resolves.toBeUndefined();
  });

  test('is not taken for written where that was refused', async () => {
    const { https } = apiServer(({ method }) =>
      method === 'GET' ? { status: 200, body: { metadata: {} } } : { status: 403, body: { message: 'forbidden' } },
    );
    const io = podIo(host(https));
    await expect(io.writeMark('abc')).rejects.toThrow('refuses (403)');
    // Every other pass is left for what else a primary has to see to.
    await expect(io.readMark()).rejects.toThrow('refuses (403)');
    await expect(io.readMark()).resolves.toBeUndefined();
  });
});

test('a warning becomes an event of this very pod, as long as Kubernetes takes it', async () => {
  const { https, asked } = apiServer(() => ({ status: 201, body: {} }));
  await podIo(host(https)).warn('x'.repeat(2000));
  const [{ method, path, body }] = asked as [Asked];
  expect({ method, path }).toEqual({ method: 'POST', path: '/api/v1/namespaces/registries/events' });
  expect(body).toMatchObject({
    involvedObject: { kind: 'Pod', name: 'registry-1', namespace: 'registries', uid: 'uid-1' },
    type: 'Warning',
    message: 'x'.repeat(1024),
  });
});
