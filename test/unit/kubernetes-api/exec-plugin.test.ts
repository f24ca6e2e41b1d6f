import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ApiClient, type JsonMap } from '../../../kubernetes-api';
import { ExecPlugin } from '../../../kubernetes-api/exec-plugin';
import { TestServer, closeServers } from './servers';
import { targetOf } from './targets';

const directory = mkdtempSync(path.join(tmpdir(), 'aios-exec-plugin-'));
afterAll(() => rmSync(directory, { recursive: true }));
afterEach(closeServers);

const apiVersion = 'client.authentication.k8s.io/v1';

/** A login program beside the kubeconfig: a shell script, which counts its runs. */
function program(name: string, script: string): string {
  mkdirSync(path.join(directory, 'bin'), { recursive: true });
  const file = path.join(directory, 'bin', name);
  writeFileSync(file, `#!/bin/sh\necho run >> "${file}.runs"\n${script}\n`);
  chmodSync(file, 0o700);
  return `./bin/${name}`;
}

/** Whether a process is more than what is left of one until its parent asks for it. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

const runsOf = (name: string) =>
  readFileSync(path.join(directory, 'bin', `${name}.runs`), 'utf8')
    .trim()
    .split('\n').length;

const credential = (status: JsonMap) => `echo '${JSON.stringify({ kind: 'ExecCredential', apiVersion, status })}'`;

async function ask(exec: JsonMap, server: string): Promise<number> {
  const client = new ApiClient(targetOf(server, { user: { exec: { apiVersion, ...exec } }, directory }), 5);
  try {
    return (await client.request({ method: 'GET', path: '/api', repeatable: true, retries: 0 })).code;
  } finally {
    client.close();
  }
}

test('a program is found beside the kubeconfig, and its token sent', async () => {
  const server = await TestServer.json({ kind: 'Pod' });
  const command = program('login', credential({ token: 'fresh' }));
  await expect(ask({ command }, server.url)).resolves.toBe(200);
  expect(server.asked[0]?.headers.authorization).toBe('Bearer fresh');
});

test('it gets its arguments, its environment and what kubectl tells it', async () => {
  const server = await TestServer.json({ kind: 'Pod' });
  const file = path.join(directory, 'told');
  const command = program(
    'curious',
    `echo "$1 $REGION $KUBERNETES_EXEC_INFO" > ${file}; ${credential({ token: 't' })}`,
  );
  await ask(
    { command, args: ['get-token'], env: [{ name: 'REGION', value: 'eu' }], provideClusterInfo: true },
    server.url,
  );
  const [, args, region, info] = /^(\S+) (\S+) (.*)$/.exec(readFileSync(file, 'utf8').trim()) ?? [];
  expect([args, region]).toEqual(['get-token', 'eu']);
  expect(JSON.parse(info ?? '')).toEqual({
    kind: 'ExecCredential',
    apiVersion,
    spec: { interactive: false, cluster: { server: server.url } },
  });
});

test('it runs once for many requests, again after its token has expired, and again when the server refuses', async () => {
  const answer = { refuse: false };
  const server = await TestServer.http(({ headers }, response) => {
    const refused = answer.refuse && headers.authorization === 'Bearer a';
    response.writeHead(refused ? 401 : 200).end('{"kind":"Status"}');
  });
  const command = program('counted', credential({ token: 'a', expirationTimestamp: '2999-01-01T00:00:00Z' }));
  const client = new ApiClient(targetOf(server.url, { user: { exec: { apiVersion, command } }, directory }), 5);
  const get = () => client.request({ method: 'GET', path: '/api', repeatable: true, retries: 0 });
  await Promise.all([get(), get(), get()]);
  expect(runsOf('counted')).toBe(1);
  program('counted', credential({ token: 'b', expirationTimestamp: '2001-01-01T00:00:00Z' }));
  answer.refuse = true;
  await expect(get()).resolves.toMatchObject({ code: 200 });
  expect(runsOf('counted')).toBe(2);
  await get();
  expect(runsOf('counted')).toBe(3);
  client.close();
});

test.each<[string, () => JsonMap, RegExp]>([
  [
    'is missing',
    () => ({ command: 'no-such-login', installHint: 'Get it from your cloud.' }),
    /user "me": the login program "no-such-login" gives no credentials: there is no such program: no-such-login\nGet it from your cloud\.$/,
  ],
  [
    'fails as a login has expired',
    () => ({ command: program('expired', 'echo "Session expired: run cloud login" >&2; exit 3') }),
    /"\.\/bin\/expired" gives no credentials: it ended with exit code 3:\nSession expired: run cloud login$/,
  ],
  ['prints something else', () => ({ command: program('chatty', 'echo Hello') }), /it printed no ExecCredential/],
  ['hands out nothing', () => ({ command: program('empty', credential({})) }), /neither a token nor a certificate/],
  ['wants a terminal', () => ({ command: 'x', interactiveMode: 'Always' }), /log in with kubectl first/],
  [
    'is of an old version',
    () => ({ command: 'x', apiVersion: 'client.authentication.k8s.io/v1alpha1' }),
    /v1alpha1" is not supported/,
  ],
])('a program that %s is named, with what it says', async (_, exec, message) => {
  const server = await TestServer.json({ kind: 'Pod' });
  const asking = ask(exec(), server.url);
  await expect(asking).rejects.toThrow(message);
  await expect(asking).rejects.not.toThrow(/cannot reach/);
  expect(server.asked).toHaveLength(0);
});

test('a program that hangs is ended, with whatever it has started', async () => {
  const started = path.join(directory, 'started');
  const command = program('hanging', `echo half-way >&2; sleep 600 & echo $! > ${started}; wait`);
  const { cluster, user, ...target } = targetOf('https://127.0.0.1:1', {
    user: { exec: { apiVersion, command } },
    directory,
  });
  if (!user) throw new Error('the target has a user');
  const before = performance.now();
  await expect(new ExecPlugin({ cluster, user, ...target }, user, 0.5).credential()).rejects.toThrow(
    /"\.\/bin\/hanging" gives no credentials: it was ended after 0\.5 s:\nhalf-way$/,
  );
  expect(performance.now() - before).toBeLessThan(10_000);
  const pid = Number(readFileSync(started, 'utf8'));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(isRunning(pid)).toBe(false);
});

test('what kubectl does not know any more is refused by name', () => {
  const target = targetOf('https://127.0.0.1:1', { user: { 'auth-provider': { name: 'gcp' } } });
  expect(() => new ApiClient(target, 5)).toThrow(/user "me": auth-provider "gcp" is not supported/);
});
