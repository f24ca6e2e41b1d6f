import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ApiClient, loadKubeconfig, selectTarget } from '../../../kubernetes-api';

const directory = mkdtempSync(path.join(tmpdir(), 'aios-kubeconfig-'));
afterAll(() => rmSync(directory, { recursive: true }));

const config = (...names: string[]) => ({
  'current-context': names[0],
  contexts: names.map((name) => ({ name, context: { cluster: name, user: name } })),
  clusters: names.map((name) => ({ name, cluster: { server: `https://${name}.example` } })),
  users: names.map((name) => ({ name, user: { token: name } })),
});

function write(name: string, content: unknown): string {
  const file = path.join(directory, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const serverOf = async (kubeconfig: string, context?: string) =>
  selectTarget(await loadKubeconfig(kubeconfig), context === undefined ? {} : { context }).cluster.settings.server;

test('of several files the first to name something wins, and those that do not exist are passed over', async () => {
  const mine = write('mine', { ...config('a'), 'current-context': '' });
  const theirs = write('theirs', {
    ...config('b', 'a'),
    clusters: [{ name: 'a', cluster: { server: 'https://other' } }, ...config('b').clusters],
  });
  const list = [mine, path.join(directory, 'absent'), '', write('empty', ''), theirs].join(path.delimiter);
  expect(await serverOf(list)).toBe('https://b.example');
  expect(await serverOf(list, 'a')).toBe('https://a.example');
});

test('merge keys are merged, and of several documents the first counts, as in stack files and for kubectl', async () => {
  const text = `
current-context: a
contexts: [{ name: a, context: { cluster: a, user: a } }]
clusters:
  - name: base
    cluster: &base { server: 'https://base.example', tls-server-name: base }
  - name: a
    cluster: { <<: *base, server: 'https://a.example' }
users: [{ name: a, user: { token: t } }]
---
current-context: other
`;
  const { cluster } = selectTarget(await loadKubeconfig(write('merged', text)), {});
  expect(cluster.settings).toEqual({ server: 'https://a.example', 'tls-server-name': 'base' });
});

test('$KUBECONFIG is such a list', async () => {
  const before = process.env.KUBECONFIG;
  process.env.KUBECONFIG = `${write('one', config('one'))}${path.delimiter}${write('two', config('two'))}`;
  try {
    expect(selectTarget(await loadKubeconfig(undefined), { context: 'two' }).cluster.settings.server).toBe(
      'https://two.example',
    );
  } finally {
    if (before === undefined) delete process.env.KUBECONFIG;
    else process.env.KUBECONFIG = before;
  }
});

test('files that a kubeconfig names are looked for beside it, each beside its own', async () => {
  write('first/token', 'first token\n');
  write('second/token', 'second token\n');
  const of = (name: string) => ({ ...config(name), users: [{ name, user: { tokenFile: 'token' } }] });
  const list = [write('first/config', of('x')), write('second/config', of('y'))].join(path.delimiter);
  const loaded = await loadKubeconfig(list);
  const directories = ['x', 'y'].map((context) => selectTarget(loaded, { context }).user?.directory);
  expect(directories).toEqual([path.join(directory, 'first'), path.join(directory, 'second')]);
  const broken = {
    ...config('z'),
    clusters: [{ name: 'z', cluster: { server: 'https://z', 'certificate-authority': 'pki/ca.crt' } }],
  };
  const target = selectTarget(await loadKubeconfig(write('third/config', broken)), {});
  expect(() => new ApiClient(target, 1)).toThrow(`${path.join(directory, 'third/pki/ca.crt')} cannot be read`);
});

test.each<[string, () => string, RegExp]>([
  ['absent', () => path.join(directory, 'no'), /no kubeconfig: ".*\/no" does not exist/],
  ['absent, of several', () => `/no/1${path.delimiter}/no/2`, /no kubeconfig: "\/no\/1", "\/no\/2" does not exist/],
  ['a folder', () => directory, /is a folder, not a file/],
  ['no YAML', () => write('broken', 'a: [geheim'), /broken is not valid YAML/],
  ['a list', () => write('list', '- geheim'), /list is not the text of a kubeconfig/],
  ['without a context', () => write('none', {}), /none has no current context/],
  [
    'without its cluster',
    () => write('half', { ...config('a'), clusters: [] }),
    /half has no cluster "a"; it has: none/,
  ],
])('a kubeconfig that is %s', async (_, kubeconfig, message) => {
  const loading = serverOf(kubeconfig());
  await expect(loading).rejects.toThrow(message);
  await expect(loading).rejects.not.toThrow(/geheim/);
});
