import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, open, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { copyAtomically, removeLeftovers, writeAtomically } from '../../../../../embedded/shared/files/atomic-file';
import { UserError } from '../../../../../embedded/shared/errors';

let directory: string;
let file: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'atomic-'));
  file = join(directory, 'state.json');
});
afterEach(() => jest.restoreAllMocks());

const mode = async () => (await stat(file)).mode & 0o777;
const errorWith = (code: string) => Object.assign(new Error(code), { code });

test("a new file is its owner's only; an existing one keeps its mode", async () => {
  await writeAtomically(file, 'one', 'the test');
  expect(await mode()).toBe(0o600);
  await chmod(file, 0o660);
  await writeAtomically(file, 'two', 'the test');
  expect(await mode()).toBe(0o660);
  expect(await readFile(file, 'utf8')).toBe('two');
});

describe.each(['writeFile', 'sync'] as const)('a disk that is full in %s', (operation) => {
  test('leaves the old file, nothing else, and says what to do', async () => {
    await writeFile(file, 'old');
    const handle = await open(file);
    const prototype = Object.getPrototypeOf(handle) as typeof handle;
    await handle.close();
    jest.spyOn(prototype, operation).mockRejectedValueOnce(errorWith('ENOSPC'));
    await expect(writeAtomically(file, 'new', 'the state of stack dev')).rejects.toThrow(
      new UserError(
        `Cannot write the state of stack dev to ${file}: the disk is full: make room. ` +
          'What was there before is still there.',
      ),
    );
    expect(await readFile(file, 'utf8')).toBe('old');
    expect(await readdir(directory)).toEqual(['state.json']);
  });
});

test.each([3, 8])('a process killed in write %i leaves the old or the new file whole', async (write) => {
  await writeAtomically(file, 'a'.repeat(4_000_000), 'the test');
  const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'endless-writer.ts'), file]);
  const exit = once(child, 'exit');
  let writes = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'writing' && ++writes >= write) child.kill('SIGKILL');
  }
  await exit;
  expect(writes).toBeGreaterThanOrEqual(write);
  const contents = await readFile(file, 'utf8');
  expect(contents).toHaveLength(4_000_000);
  expect(new Set(contents).size).toBe(1);
  await removeLeftovers(file);
  expect(await readdir(directory)).toEqual(['state.json']);
});

test('a copy stays as it is when the original is written', async () => {
  const copy = join(directory, 'state.json.bak');
  for (const contents of ['one', 'two', 'three']) {
    await writeAtomically(file, contents, 'the test');
    if (contents !== 'three') await copyAtomically(file, copy, 'the test');
  }
  expect(await readFile(copy, 'utf8')).toBe('two');
  expect((await readdir(directory)).sort()).toEqual(['state.json', 'state.json.bak']);
});
