import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { StackLock, removeLocks } from '../../../../../embedded/engine/backend/lock';
import type { ProcessIdentity } from '../../../../../embedded/shared/processes/process-identity';

const LOCK = join(__dirname, '../../../../../embedded/engine/backend/lock.ts');

let directory: string;
const notes: string[] = [];
beforeEach(async () => {
  notes.length = 0;
  directory = join(await mkdtemp(join(tmpdir(), 'lock-')), 'organization', 'p', 'dev');
  await mkdir(directory, { recursive: true });
});

const acquire = () => StackLock.acquire(directory, 'dev', (message) => notes.push(message));
const ended = () => spawnSync(process.execPath, ['--version']).pid;

/** A lock as the CLI writes it. */
async function foreignLock(content: Partial<ProcessIdentity> & { timestamp?: string }) {
  const file = join(directory, 'foreign.json');
  const lock = { username: 'alice', hostname: hostname(), timestamp: new Date().toISOString(), ...content };
  await writeFile(file, JSON.stringify(lock));
}

test('a stack has one owner; the second is told who that is and what to do', async () => {
  const lock = await acquire();
  await expect(acquire()).rejects.toThrow(
    new RegExp(`Stack dev is locked by another run:\\n.*process ${process.pid}, since 20.*\n.*kill ${process.pid}`),
  );
  await lock.release();
  await (await acquire()).release();
  expect(await readdir(directory)).toEqual([]);
});

test('the CLI finds in it what it looks for', async () => {
  const lock = await acquire();
  const [name = ''] = await readdir(directory);
  const content = JSON.parse(await readFile(join(directory, name), 'utf8')) as Record<string, unknown>;
  expect(name).toMatch(/^[0-9a-f-]{36}\.json$/);
  expect(content).toMatchObject({ pid: process.pid, hostname: hostname(), username: expect.any(String) as string });
  await lock.release();
});

test('of two runs that start at once, at most one gets the stack', async () => {
  const results = await Promise.allSettled([acquire(), acquire(), acquire()]);
  const locks = results.filter((result) => result.status === 'fulfilled').map(({ value }) => value);
  expect(locks.length).toBeLessThanOrEqual(1);
  await Promise.all(locks.map((lock) => lock.release()));
  expect(await readdir(directory)).toEqual([]);
});

describe('a lock that was left behind', () => {
  test('by a process of this machine that has ended is taken over, with a note', async () => {
    const pid = ended();
    await foreignLock({ pid });
    await writeFile(join(directory, 'foreign.json.attrs'), '{}');
    const lock = await acquire();
    expect(notes).toEqual([expect.stringContaining(`alice on ${hostname()}, process ${pid}`)]);
    await lock.release();
    expect(await readdir(directory)).toEqual([]);
  });

  test('is recognised although its pid belongs to another process now', async () => {
    await foreignLock({ pid: process.pid, timestamp: '2001-01-01T00:00:00Z' });
    await (await acquire()).release();
    expect(notes).toHaveLength(1);
  });

  test.each([
    ['of another machine', { hostname: 'elsewhere' }],
    ['of another container', { pidNamespace: 'pid:[1]' }],
  ])('is respected if it is %s, where the process cannot be seen', async (_, content) => {
    await foreignLock({ pid: ended(), ...content });
    await expect(acquire()).rejects.toThrow('locked by another run');
    expect(await readdir(directory)).toEqual(['foreign.json']);
  });

  test('is respected if it cannot be read, and can be removed all the same', async () => {
    await writeFile(join(directory, 'torn.json'), '{"pid":');
    await expect(acquire()).rejects.toThrow(/a lock that cannot be read \(.*torn.json\)/);
    expect(await removeLocks(directory, 'dev', { force: false })).toHaveLength(1);
    await (await acquire()).release();
  });
});

test('a process with the pid of the one that had the lock is not that one, however soon it came', async () => {
  await foreignLock({ pid: process.pid, startTime: '1' });
  await (await acquire()).release();
  expect(notes).toHaveLength(1);
});

describe('cancel', () => {
  /** Another run, in a process of its own, that has the lock. */
  async function otherRun() {
    const script = `
      const { StackLock } = require(${JSON.stringify(LOCK)});
      StackLock.acquire(${JSON.stringify(directory)}, 'dev', () => {}).then(async (lock) => {
        console.log('has it');
        process.stdin.once('data', () => {
          try { lock.ensureHeld(); process.exit(0) } catch (error) { console.log(error.message); process.exit(1) }
        });
      });`;
    const run = spawn(process.execPath, ['--import', 'tsx', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(run.stdout, 'data');
    return run;
  }

  test('leaves a run that is alive its lock, and so keeps others out', async () => {
    const run = await otherRun();
    const refusal = removeLocks(directory, 'dev', { force: false });
    await expect(refusal).rejects.toThrow(
      new RegExp(`Stack dev is locked by a run that is alive:\\n.*process ${run.pid},[^]*kill ${run.pid}[^]*--force`),
    );
    await expect(acquire()).rejects.toThrow('locked by another run');
    run.kill('SIGKILL');
    await once(run, 'exit');
    expect(await removeLocks(directory, 'dev', { force: false })).toHaveLength(1);
  });

  test('by force takes it away, which the run notices before it writes again', async () => {
    const run = await otherRun();
    expect(await removeLocks(directory, 'dev', { force: true })).toHaveLength(1);
    const second = await acquire();
    const words = once(run.stdout, 'data');
    run.stdin.write('go on\n');
    expect(String(await words)).toContain('The lock of stack dev was removed while this run had it');
    await once(run, 'exit');
    second.ensureHeld();
    await second.release();
  });

  test('by force takes it away, which the run tells once, however many of its steps fail of it', async () => {
    const lock = await acquire();
    await removeLocks(directory, 'dev', { force: true });
    expect(() => lock.ensureHeld()).toThrow('was removed while this run had it');
    expect(() => lock.ensureHeld()).toThrow(/^The lock of stack dev is gone, as said above\.$/);
  });

  test('removes what a run on another machine left', async () => {
    await foreignLock({ pid: process.pid, hostname: 'elsewhere' });
    expect(await removeLocks(directory, 'dev', { force: false })).toEqual([
      expect.stringContaining('alice on elsewhere'),
    ]);
  });
});

test('a process that exits without releasing its lock leaves none', async () => {
  const script = `
    const { StackLock } = require(${JSON.stringify(LOCK)});
    StackLock.acquire(${JSON.stringify(directory)}, 'dev', () => {}).then(() => process.exit(7));`;
  expect(spawnSync(process.execPath, ['--import', 'tsx', '-e', script]).status).toBe(7);
  expect(await readdir(directory)).toEqual([]);
});
