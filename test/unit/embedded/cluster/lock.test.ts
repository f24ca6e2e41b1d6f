import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { withLock } from '../../../../embedded/cluster/lock';
import { processStartTime } from '../../../../embedded/cluster/process-table';

let folder: string;
let file: string;
const ignore = () => undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'aios-lock-'));
  file = path.join(folder, 'lock');
});

afterEach(() => rmSync(folder, { recursive: true }));

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
  const waitedFor: number[] = [];
  let release: () => void = ignore;
  const first = withLock(file, ignore, () => new Promise<void>((resolve) => (release = resolve)));
  while (!existsSync(file)) await setImmediate();
  const second = withLock(
    file,
    (pid) => {
      waitedFor.push(pid);
      release();
    },
    () => Promise.resolve('done'),
  );
  expect(await second).toBe('done');
  await first;
  expect(waitedFor).toEqual([process.pid]);
});

test('the lock of a dead process is taken over, by one of all who wait', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const pid = child.pid ?? 0;
  const startTime = processStartTime(pid) ?? '';
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
  writeFileSync(file, `${pid} ${startTime} some-id\n`);
  writeFileSync(`${file}.takeover`, `${pid} ${startTime} another-id\n`); // it was killed while taking over itself

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

test('a process that has got the pid of the dead holder does not hold the lock', async () => {
  writeFileSync(file, `${process.pid} 1 some-id\n`);
  expect(await withLock(file, ignore, () => Promise.resolve('mine'))).toBe('mine');
});

test('work that fails gives the lock back', async () => {
  await expect(withLock(file, ignore, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(file)).toBe(false);
});
