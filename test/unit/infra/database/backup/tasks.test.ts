import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Script } from 'node:vm';

interface Host {
  uri: string;
  env: Record<string, string>;
  fs: { readFileSync(file: string): string };
  connect(uri: string): Promise<unknown>;
  print(line: string): void;
}
type Task = (host: Host) => Promise<void>;

const file = path.join(__dirname, '../../../../../infra/database/backup/scripts/tasks.js');
const loaded = { exports: {} as Record<'member' | 'counts' | 'users', Task> };
const script = new Script(`(module) => {${readFileSync(file, 'utf8')}}`, { filename: file });
(script.runInThisContext() as (module: typeof loaded) => void)(loaded);
const { member, counts, users } = loaded.exports;

const ROOT = { role: 'root', db: 'admin' };
const BLOCKS = { role: 'readWrite', db: 'blocks' };

type Answers = (command: Record<string, unknown>, database: string, uri: string) => unknown;

/** Runs a task; a host that answers with an error is one that is down. */
async function run(task: Task, uri: string, answer: Answers): Promise<string[]> {
  const printed: string[] = [];
  const secrets: Record<string, string> = {
    '/c/users.json': JSON.stringify([
      { name: 'root', roles: [ROOT] },
      { name: 'blocks-db-2', roles: [BLOCKS], generation: 2 },
    ]),
    '/c/root': 'new\n',
    '/c/blocks-db-2': 'newer\n',
  };
  await task({
    uri,
    env: { CREDENTIALS: '/c' },
    fs: { readFileSync: (name) => secrets[name] ?? '' },
    connect: (to) =>
      Promise.resolve({
        getDB: (database: string) => ({
          runCommand: (command: Record<string, unknown>) => {
            const found = answer(command, database, to);
            return found instanceof Error ? Promise.reject(found) : Promise.resolve(found);
          },
        }),
      }),
    print: (line) => printed.push(line),
  });
  return printed;
}

describe('member', () => {
  const URI = 'mongodb://root:secret@a:1,b:1,c:1/?replicaSet=rs0&authSource=admin';
  const at = (seconds: number) => ({ lastWrite: { lastWriteDate: new Date(seconds * 1000) } });
  const hellos =
    (byHost: Record<string, object | Error>): Answers =>
    (command, _, uri) => {
      const [, host = ''] = /@(\w)/.exec(uri) ?? [];
      const hello = byHost[host];
      if (hello instanceof Error || 'buildInfo' in command)
        return hello instanceof Error ? hello : { version: '7.0.1' };
      return { setName: 'rs0', ...hello };
    };

  test('is the secondary that is furthest, asked directly', async () => {
    const uris: string[] = [];
    const answer = hellos({
      a: { isWritablePrimary: true, ...at(9) },
      b: { secondary: true, ...at(5) },
      c: { secondary: true, ...at(7) },
    });
    const asked: Answers = (command, database, uri) => {
      uris.push(uri);
      return answer(command, database, uri);
    };
    expect(await run(member, URI, asked)).toEqual(['c:1 secondary 7.0.1']);
    expect(uris[0]).toBe(
      'mongodb://root:secret@a:1/?directConnection=true&authSource=admin&serverSelectionTimeoutMS=5000',
    );
  });

  test('is the primary where nothing else will do', async () => {
    const others = { b: new Error('down'), c: { secondary: false } };
    expect(await run(member, URI, hellos({ a: { isWritablePrimary: true }, ...others }))).toEqual([
      'a:1 primary 7.0.1',
    ]);
  });

  test('is none where nobody has data, or the set is another', async () => {
    const answer = hellos({ a: new Error('down'), b: { setName: undefined }, c: { secondary: false } });
    await expect(run(member, URI, answer)).rejects.toThrow(
      'a:1: down; b:1 is no member of rs0 yet; there is neither a secondary nor a primary',
    );
  });
});

test('counts are of what mongodump dumps: no views, nothing internal, of time series their buckets', async () => {
  const lists: Record<string, [string, string][]> = {
    admin: [
      ['system.users', 'collection'],
      ['system.version', 'collection'],
    ],
    blocks: [
      ['blocks', 'collection'],
      ['view', 'view'],
      ['series', 'timeseries'],
      ['system.buckets.series', 'collection'],
      ['system.views', 'collection'],
    ],
  };
  const printed = await run(counts, 'mongodb://a/', (command, database) => {
    if ('listDatabases' in command)
      return { databases: ['admin', 'local', 'config', 'blocks'].map((name) => ({ name })) };
    if ('count' in command) return { n: String(command.count).length };
    return { cursor: { firstBatch: (lists[database] ?? []).map(([name, type]) => ({ name, type })) } };
  });
  expect(printed.map((line) => JSON.parse(line) as unknown)).toEqual([
    { 'admin.system.users': 12, 'blocks.blocks': 6, 'blocks.system.buckets.series': 21 },
  ]);
});

test('users are what this stack has them be, and others stay', async () => {
  const set: unknown[] = [];
  await run(users, 'mongodb://a/', (command) => {
    if ('usersInfo' in command) return { users: [{ user: 'root' }, { user: 'of somebody else' }] };
    set.push(command);
    return { ok: 1 };
  });
  expect(set).toEqual([
    { updateUser: 'root', pwd: 'new', roles: [ROOT] },
    { createUser: 'blocks-db-2', pwd: 'newer', roles: [BLOCKS], customData: { generation: 2 } },
  ]);
});
