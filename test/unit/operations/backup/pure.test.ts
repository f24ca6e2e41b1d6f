import { PassThrough } from 'node:stream';
import { differences } from '../../../../operations/backup/compare';
import { confirmed } from '../../../../operations/backup/confirm';
import { ageText, type Backup, choose, parseManifest, sizeText } from '../../../../operations/backup/manifest';

const backup = (more: Partial<Backup> = {}): Backup => ({
  name: 'registry-1',
  takenAt: new Date('2026-01-01T00:00:00Z'),
  bytes: 1,
  server: '6.0.20',
  oplogEntries: 0,
  collections: { 'a.b': 3, 'a.empty': 0, 'admin.system.users': 2, 'admin.system.version': 2, 'config.x': 9 },
  ...more,
});

describe('differences', () => {
  test('are none where everything that is compared is there', () => {
    expect(differences(backup(), { 'a.b': 3, 'admin.system.users': 2 })).toEqual([]);
  });

  test('are collections with another number, or that are missing', () => {
    expect(differences(backup(), { 'a.b': 4 })).toEqual([
      { collection: 'a.b', backedUp: 3, restored: 4 },
      { collection: 'admin.system.users', backedUp: 2, restored: undefined },
    ]);
  });

  test('are none where the stack has users beside those of the backup', () => {
    expect(differences(backup(), { 'a.b': 3, 'admin.system.users': 40 })).toEqual([]);
  });

  test('count beyond what the oplog of the dump can have made, all together', () => {
    const restored = { 'a.b': 4, 'admin.system.users': 1 };
    expect(differences(backup({ oplogEntries: 3 }), restored)).toEqual([]);
    expect(differences(backup({ oplogEntries: 2 }), restored)).toHaveLength(2);
  });
});

test('the newest backup is the one that was taken last, whatever the order', () => {
  const [older, newer] = [backup(), backup({ name: 'registry-2', takenAt: new Date('2026-02-01') })];
  expect(choose([newer, older], 'newest')).toBe(newer);
  expect(choose([older, newer], 'newest')).toBe(newer);
  expect(choose([older, newer], 'registry-1')).toBe(older);
});

test('a manifest of another format, or half of one, is none', () => {
  expect(parseManifest('{"format":1,"name":"a","takenAt":"2026-01-01T00:00:00Z"}')).toMatchObject({ name: 'a' });
  expect(parseManifest('{"format":2,"name":"a"}')).toBeUndefined();
  expect(parseManifest('{"format":1,')).toBeUndefined();
});

test.each([
  [0, '0 bytes'],
  [1023, '1023 bytes'],
  [1024, '1.0 KiB'],
  [1.5 * 2 ** 30, '1.5 GiB'],
  [2 ** 50, '1024.0 TiB'],
])('%i bytes are %s', (bytes, text) => expect(sizeText(bytes)).toBe(text));

test.each([
  [1, '1 second'],
  [119, '119 seconds'],
  [7199, '119 minutes'],
  [86_400, '24 hours'],
  [3 * 86_400, '3 days'],
])('%i seconds are %s', (seconds, text) => {
  expect(ageText(new Date(0), new Date(seconds * 1000))).toBe(text);
});

describe('confirmation', () => {
  const terminal = (answer: string, isTTY = true) => {
    const input = Object.assign(new PassThrough(), { isTTY });
    input.end(`${answer}\n`);
    return { input, output: new PassThrough() };
  };

  test('is the name of the stack, typed or given', async () => {
    expect(await confirmed('prod', undefined, terminal('prod'))).toBe(true);
    expect(await confirmed('prod', undefined, terminal('yes'))).toBe(false);
    expect(await confirmed('prod', 'prod', terminal('', false))).toBe(true);
  });

  test('is refused of nobody, and for another stack', async () => {
    await expect(confirmed('prod', 'dev', terminal(''))).rejects.toThrow('--yes dev: it has to name the stack, prod');
    await expect(confirmed('prod', undefined, terminal('prod', false))).rejects.toThrow("ARGS='--yes prod'");
  });
});
