import { Script } from 'node:vm';
import { membersScript } from '../../../../infra/database/members/script';
import type { PodHost } from '../../../../infra/database/members/types';
import { podIo, scaleOf } from './members-script';

const source = membersScript();

const env = {
  POD_NAME: 'metrics-db-1',
  POD_NAMESPACE: 'metrics-system',
  STATEFUL_SET: 'metrics-db',
  REPLICA_SET: 'rs0',
  MEMBER_DOMAIN: 'metrics-system.svc.cluster.local:27017',
};

const files: Record<string, string> = {
  '/etc/mongod/keyfile': '- KEYFILE\n- NEXT-KEYFILE\n',
  '/etc/members/credentials/users.json': JSON.stringify([
    { name: 'root', roles: [{ role: 'root', db: 'admin' }] },
    { name: 'blocks-db-3', roles: [{ role: 'readWrite', db: 'blocks' }], generation: 3 },
  ]),
  '/etc/members/credentials/root': 'ROOT-PASSWORD\n',
  '/etc/members/credentials/blocks-db-3': 'BLOCKS-PASSWORD',
};

const fs: PodHost['fs'] = {
  readFileSync(path) {
    const text = files[path];
    if (text === undefined) throw new Error(`ENOENT: ${path}`);
    return text;
  },
  writeFileSync: () => undefined,
  renameSync: () => undefined,
};

type Connect = PodHost['connect'];

function host(connect: Connect, logged: string[] = []): PodHost {
  const https = {
    request: () => {
      throw new Error('not asked');
    },
  };
  return { env, fs, https, connect, sleep: () => Promise.resolve(), log: (line) => logged.push(line) };
}

function connection(runCommand: () => Promise<unknown>): Awaited<ReturnType<Connect>> {
  return { getDB: () => ({ runCommand }), close: () => Promise.resolve() };
}

test('a member speaks to itself over loopback and to others by name, as the user of the keyfile', async () => {
  const uris: string[] = [];
  const io = podIo(
    host((uri) => {
      uris.push(uri);
      return Promise.resolve(connection(() => Promise.resolve({ ok: 1 })));
    }),
  );
  await io.command(1, 'admin', { ping: 1 });
  await io.command(2, 'admin', { ping: 1 });
  await io.command(1, 'admin', { ping: 1 });
  expect(uris.map((uri) => uri.split('/?')[0])).toEqual([
    'mongodb://__system:KEYFILE@127.0.0.1:27017',
    'mongodb://__system:KEYFILE@metrics-db-2.metrics-system.svc.cluster.local:27017',
  ]);
  expect(uris[0]).toContain('authSource=local');
});

test('a member that has only the second key in common is spoken to by that, and another trouble is no wrong key', async () => {
  const refused = Object.assign(new Error('Authentication failed.'), { code: 18 });
  const keys: (string | undefined)[] = [];
  const answers: (Error | undefined)[] = [refused, undefined, new Error('connect ECONNREFUSED'), refused, refused];
  const io = podIo(
    host((uri) => {
      keys.push(/__system:([^@]*)@/.exec(uri)?.[1]);
      const answer = answers.shift();
      return answer ? Promise.reject(answer) : Promise.resolve(connection(() => Promise.resolve({ ok: 1 })));
    }),
  );
  await expect(io.command(0, 'admin', { ping: 1 })).resolves.toEqual({ ok: 1 });
  await expect(io.command(2, 'admin', { ping: 1 })).rejects.toThrow('ECONNREFUSED');
  await expect(io.command(2, 'admin', { ping: 1 })).rejects.toThrow('Authentication failed');
  expect(keys).toEqual(['KEYFILE', 'NEXT-KEYFILE', 'KEYFILE', 'KEYFILE', 'NEXT-KEYFILE']);
});

test('users are those of the Secret, each with the password of its file', () => {
  const io = podIo(host(() => Promise.reject(new Error('not asked'))));
  expect(io.credentials()).toEqual([
    { name: 'root', roles: [{ role: 'root', db: 'admin' }], password: 'ROOT-PASSWORD' },
    { name: 'blocks-db-3', roles: [{ role: 'readWrite', db: 'blocks' }], generation: 3, password: 'BLOCKS-PASSWORD' },
  ]);
});

test('which rotation is completed is what the file says, and not known without it', () => {
  const io = podIo(host(() => Promise.reject(new Error('not asked'))));
  expect(io.completedRotation()).toBeUndefined();
  files['/etc/members/rotation/completed'] = '3\n';
  expect(io.completedRotation()).toBe(3);
  delete files['/etc/members/rotation/completed'];
});

test('hosts of other StatefulSets have no ordinal', () => {
  const io = podIo(host(() => Promise.reject(new Error('not asked'))));
  expect(io.ordinal).toBe(1);
  expect(io.ordinalOf('metrics-db-12.metrics-system.svc.cluster.local:27017')).toBe(12);
  expect(io.ordinalOf('metrics-db-3:27017')).toBe(3);
  expect(io.ordinalOf('metrics-db-3x.example:27017')).toBeUndefined();
  expect(io.ordinalOf('registry-0.registries.svc.cluster.local:27017')).toBeUndefined();
});

test('a broken connection is made anew, a refused command is not a broken connection', async () => {
  const failures: Error[] = [Object.assign(new Error('not primary'), { code: 10107 }), new Error('socket closed')];
  let connections = 0;
  const io = podIo(
    host(() => {
      connections += 1;
      return Promise.resolve(connection(() => Promise.reject(failures.shift() ?? new Error('more than expected'))));
    }),
  );
  await expect(io.command(0, 'admin', { ping: 1 })).rejects.toThrow('not primary');
  await expect(io.command(0, 'admin', { ping: 1 })).rejects.toThrow('socket closed');
  expect(connections).toBe(1);
  await expect(io.command(0, 'admin', { ping: 1 })).rejects.toThrow();
  expect(connections).toBe(2);
});

test('a password is wrong only where the server says so', async () => {
  const answers = [Object.assign(new Error('Authentication failed.'), { code: 18 }), new Error('connect ECONNREFUSED')];
  const io = podIo(host(() => Promise.reject(answers.shift() ?? new Error('more than expected'))));
  await expect(io.canLogIn('aios', 'old')).resolves.toBe(false);
  await expect(io.canLogIn('aios', 'old')).rejects.toThrow('ECONNREFUSED');
});

test.each([
  ['a set', 200, { spec: { replicas: 3 }, status: { replicas: 5 } }, { replicas: 3, existing: 5, stopping: false }],
  ['a new set', 200, { spec: { replicas: 3 } }, { replicas: 3, existing: 3, stopping: false }],
  ['zero', 200, { spec: { replicas: 0 } }, { replicas: 0, existing: 0, stopping: true }],
  [
    'a set that is deleted',
    200,
    { metadata: { deletionTimestamp: 'now' }, spec: { replicas: 3 } },
    { replicas: 3, existing: 3, stopping: true },
  ],
  ['no set', 404, {}, { replicas: 0, existing: 0, stopping: true }],
])('the API server answers with %s', (_, status, body, expected) => {
  expect(scaleOf({ status, body })).toEqual(expected);
});

test.each([
  ['a refusal', 403, { kind: 'Status', message: 'forbidden' }, 'the API server refuses (403): forbidden'],
  ['something else', 200, { kind: 'Status' }, 'something else than the StatefulSet'],
])('of %s it is said that it is none', (_, status, body, message) => {
  expect(() => scaleOf({ status, body })).toThrow(message);
});

describe('in mongosh', () => {
  /** Globals as mongosh has them, with `module` of some of its versions. */
  function mongosh(module: unknown, logged: string[]): Record<string, unknown> {
    const library: Record<string, unknown> = { fs, https: {} };
    return {
      module,
      Mongo: function () {
        throw new Error('connect ECONNREFUSED 127.0.0.1:27017');
      },
      require: (name: string) => library[name],
      process: { env: { ...env, MEMBERS_TASK: 'leave', LEAVE_SECONDS: '0.01' }, on: () => undefined },
      sleep: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms / 1000)),
      console: { log: (line: string) => logged.push(line) },
      Buffer,
      URL,
    };
  }

  test.each([
    ['a function', () => undefined],
    ['an object', {}],
    ['nothing', undefined],
  ])('the file runs to its end where module is %s, and says no password', async (_, module) => {
    const logged: string[] = [];
    await new Script(source).runInNewContext(mongosh(module, logged));
    expect(logged.join()).toContain('ECONNREFUSED');
    expect(logged.join()).not.toMatch(/KEYFILE|PASSWORD/);
  });

  test("the source has no a?.b.c, which mongosh's rewriter breaks", () => {
    expect(source).not.toMatch(/\?\.\w+(\.|\(|\[)/);
  });
});
