import { existsSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { backendRoot } from '../../../../../embedded/engine/backend/backend-url';
import { LocalBackend } from '../../../../../embedded/engine/backend/local-backend';
import { parseStackName } from '../../../../../embedded/engine/backend/stack-reference';

const dev = { project: 'p', stack: 'dev' };
let root: string;
let backend: LocalBackend;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'backend-'));
  backend = await LocalBackend.open(`file://${root}`, '/');
});

const inRoot = (...path: string[]) => join(root, '.pulumi', ...path);
const numbered = (n: number) => ({ manifest: { magic: '', version: '' }, metadata: { n } });
const deployment = (n: number) => Buffer.from(JSON.stringify(numbered(n)));

test('lays states out as the CLI does', async () => {
  expect(await backend.read(dev)).toBeUndefined();
  await backend.write(dev, undefined);
  expect(await backend.read(dev)).toBeUndefined();
  await backend.write(dev, deployment(1));
  await backend.write(dev, deployment(2));
  expect(await readFile(inRoot('meta.yaml'), 'utf8')).toBe('version: 1\n');
  expect(await readFile(inRoot('stacks/p/dev.json'), 'utf8')).toBe(
    `{"version":3,"checkpoint":{"stack":"organization/p/dev","latest":${JSON.stringify(numbered(2))}}}`,
  );
  expect(await readFile(inRoot('stacks/p/dev.json.bak'), 'utf8')).toContain('"n":1');
  expect((await stat(inRoot('stacks/p/dev.json'))).mode & 0o777).toBe(0o600);
  expect(await backend.read(dev)).toEqual(numbered(2));
  await backend.remove(dev);
  expect(existsSync(backend.stackFile(dev))).toBe(false);
});

test('adds updates to the history, with the state that they left', async () => {
  await backend.write(dev, deployment(1));
  await backend.addToHistory(dev, {
    kind: 'update',
    startTime: 1,
    endTime: 2,
    result: 'succeeded',
    message: 'why',
    environment: { 'git.head': 'abc' },
    config: { 'p:key': { secure: 'v1:…' } },
    resourceChanges: { create: 2 },
  });
  await backend.write(dev, deployment(2));
  const names = await readdir(inRoot('history/p/dev'));
  expect(names.sort()).toEqual([
    expect.stringMatching(/^dev-\d{19}\.checkpoint\.json$/),
    expect.stringMatching(/^dev-\d{19}\.history\.json$/),
  ]);
  const [checkpoint = '', history = ''] = await Promise.all(
    names.map((name) => readFile(inRoot('history/p/dev', name), 'utf8')),
  );
  expect(checkpoint).toContain('"n":1');
  expect(JSON.parse(history)).toMatchObject({ version: 0, kind: 'update', resourceChanges: { create: 2 } });
});

test('a lock clears away what a killed write left, and is seen by the next run', async () => {
  await backend.write(dev, deployment(1));
  await writeFile(inRoot('stacks/p/.dev.json.1-abc.tmp'), 'half');
  const lock = await backend.lock(dev, () => undefined);
  expect((await readdir(inRoot('stacks/p'))).sort()).toEqual(['dev.json']);
  expect(await readdir(inRoot('locks/organization/p/dev'))).toHaveLength(1);
  await expect(backend.lock(dev, () => undefined)).rejects.toThrow('locked');
  expect(await backend.cancel(dev, { force: true })).toHaveLength(1);
  await lock.release();
});

test('a run whose lock was taken away writes nothing over what the next one wrote', async () => {
  const lock = await backend.lock(dev, () => undefined);
  await backend.write(dev, deployment(1));
  await backend.cancel(dev, { force: true });
  const next = await LocalBackend.open(`file://${backend.root}`, '/');
  const second = await next.lock(dev, () => undefined);
  await next.write(dev, deployment(2));
  await expect(backend.write(dev, deployment(3))).rejects.toThrow('The lock of stack dev was removed');
  expect(await backend.read(dev)).toEqual(await next.read(dev));
  expect(JSON.stringify(await next.read(dev))).toContain('"n":2');
  await second.release();
  await lock.release();
});

describe('what it cannot read is refused, with what to do', () => {
  const write = (contents: string | Buffer) =>
    mkdir(inRoot('stacks/p'), { recursive: true }).then(() => writeFile(inRoot('stacks/p/dev.json'), contents));

  test('a compressed state', async () => {
    await mkdir(inRoot('stacks/p'), { recursive: true });
    await writeFile(inRoot('stacks/p/dev.json.gz'), gzipSync('{}'));
    await expect(backend.read(dev)).rejects.toThrow(/dev.json.gz is compressed.*PULUMI_DIY_BACKEND_GZIP/);
  });

  test('a newer format', async () => {
    await write(JSON.stringify({ version: 4, features: ['views'], checkpoint: { latest: {} } }));
    await expect(backend.read(dev)).rejects.toThrow(/version 4 \(features: views\).*Pulumi CLI/);
  });

  test('steps of a killed CLI that are only in its journal', async () => {
    await backend.write(dev, deployment(1));
    const journal = inRoot('journal/p/dev');
    await mkdir(journal, { recursive: true });
    await writeFile(join(journal, '0000000001.journal.json'), '{}');
    const manifest = (state: string | Buffer) =>
      JSON.stringify({ baseCheckpointHash: createHash('sha256').update(state).digest('hex') });
    await writeFile(join(journal, 'manifest.json'), manifest(await readFile(backend.stackFile(dev))));
    await expect(backend.read(dev)).rejects.toThrow(/left 1 steps in .*journal.*pulumi refresh/);
    await writeFile(join(journal, 'manifest.json'), manifest('a state that was written since'));
    expect(await backend.read(dev)).toEqual(numbered(1));
  });

  test('an older layout', async () => {
    const old = await mkdtemp(join(tmpdir(), 'backend-'));
    await mkdir(join(old, '.pulumi/stacks'), { recursive: true });
    await writeFile(join(old, '.pulumi/stacks/dev.json'), '{}');
    await expect(LocalBackend.open(`file://${old}`, '/')).rejects.toThrow(/layout version 0.*pulumi state upgrade/);
  });
});

describe('backend URLs', () => {
  test.each([
    ['file:///var/state', '/var/state'],
    ['file://../state', '/work/state'],
    ['file://~', homedir()],
    ['file://~/state', join(homedir(), 'state')],
    ['file:///var/state?no_tmp_dir=true', '/var/state'],
  ])('%s', (url, root) => {
    expect(backendRoot(url, '/work/project')).toBe(root);
  });

  test.each([
    ['s3://bucket', /s3:\/\/bucket is not supported.*PULUMI_BACKEND_URL/],
    [undefined, /No backend.*PULUMI_BACKEND_URL/],
  ])('%s is refused', (url, message) => {
    expect(() => backendRoot(url, '/')).toThrow(message);
  });
});

test('stacks can be named in full, but not of another project', () => {
  expect(parseStackName('dev', 'p')).toEqual(dev);
  expect(parseStackName('organization/p/dev', 'p')).toEqual(dev);
  expect(() => parseStackName('organization/q/dev', 'p')).toThrow('is a stack of project "q"');
  expect(() => parseStackName('acme/dev', 'p')).toThrow('not a stack of a local backend');
  expect(() => parseStackName('a b', 'p')).toThrow('not a stack name');
});
