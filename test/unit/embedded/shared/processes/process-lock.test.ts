import fs from 'node:fs/promises';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { ownIdentity, type ProcessIdentity } from '../../../../../embedded/shared/processes/process-identity';
import { withLock, withLockIfRoom } from '../../../../../embedded/shared/processes/process-lock';
import { endedProcess } from './ended-process';

let folder: string;
let file: string;
const ignore = () => undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'aios-lock-'));
  file = path.join(folder, 'lock');
});

afterEach(() => rmSync(folder, { recursive: true }));

const leaveLock = (holder: ProcessIdentity, name = file) =>
  writeFileSync(name, JSON.stringify({ ...holder, id: 'some-id' }));

test('one works at a time, and nothing is left behind', async () => {
  let working = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++working);
    for (let turn = 0; turn < 20; turn += 1) await setImmediate();
    working -= 1;
  };
  await Promise.all([1, 2, 3, 4].map(() => withLock(file, ignore, work)));
  expect(most).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});

test('who waits is told for whom, once', async () => {
  const waited: string[] = [];
  let release: () => void = ignore;
  const first = withLock(file, ignore, () => new Promise<void>((resolve) => (release = resolve)));
  while (!existsSync(file)) await setImmediate();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const second = withLock(
    file,
    (holder) => {
      waited.push(holder);
      release();
    },
    () => Promise.resolve('done'),
  );
  expect(await second).toBe('done');
  await first;
  expect(waited).toEqual([`process ${process.pid}`]);
});

test('the lock of a dead process is taken over, by one of all who wait', async () => {
  const dead = await endedProcess();
  leaveLock(dead);
  leaveLock(dead, `${file}.takeover`); // it was killed while taking over itself

  let working = 0;
  const outcomes = await Promise.all(
    [1, 2, 3].map(() =>
      withLock(file, ignore, async () => {
        const alone = ++working === 1;
        for (let turn = 0; turn < 20; turn += 1) await setImmediate();
        working -= 1;
        return alone;
      }),
    ),
  );
  expect(outcomes).toEqual([true, true, true]);
});

test.each([
  ['has got the pid of the dead holder', { startTime: '1' }],
  ['had this pid before the machine was started anew', { bootId: 'another' }],
])('a process that %s does not hold the lock', async (_, difference) => {
  leaveLock({ ...ownIdentity(), ...difference });
  expect(await withLock(file, ignore, () => Promise.resolve('mine'))).toBe('mine');
});

test.each([
  ['an empty file', ''],
  ['text', 'x'],
  ['null', 'null'],
])("%s, as a power cut leaves it, is nobody's lock", async (_, content) => {
  writeFileSync(file, content);
  expect(await withLock(file, ignore, () => Promise.resolve('mine'))).toBe('mine');
});

test.each([
  ['on another machine', { hostname: 'elsewhere' }],
  ['in another container', { pidNamespace: 'pid:[1]', hostname: hostname() }],
])('a holder %s is respected, and the way out is named', async (_, difference) => {
  leaveLock({ ...ownIdentity(), ...difference });
  const words: string[] = [];
  const onWait = (holder: string) => {
    words.push(holder);
    rmSync(file);
  };
  await withLock(file, onWait, () => Promise.resolve());
  expect(words).toEqual([
    `process ${process.pid} on ${difference.hostname}, which cannot be seen from here; if it has ended, delete ${file}`,
  ]);
});

test('work that fails gives the lock back', async () => {
  await expect(withLock(file, ignore, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(file)).toBe(false);
});

describe('who makes room on a full disk', () => {
  const full = () => Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  afterEach(() => jest.restoreAllMocks());

  test('is not kept from it by a lock that there is no room for', async () => {
    jest.spyOn(fs, 'writeFile').mockRejectedValue(full());
    await expect(withLock(file, ignore, () => Promise.resolve('done'))).rejects.toThrow('ENOSPC');
    expect(await withLockIfRoom(file, ignore, () => Promise.resolve('done'))).toBe('done');
  });

  test('does it once, whatever it fails with', async () => {
    const work = jest.fn(() => Promise.reject(full()));
    await expect(withLockIfRoom(file, ignore, work)).rejects.toThrow('ENOSPC');
    expect(work).toHaveBeenCalledTimes(1);
    expect(existsSync(file)).toBe(false);
  });
});
