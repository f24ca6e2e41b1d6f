import { spawn } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseStartTime } from '../../../../../embedded/shared/processes/process-identity';
import { findProcesses, isRunning } from '../../../../../embedded/shared/processes/process-table';

const stat = (name: string, state: string) =>
  `42 (${name}) ${state} 1 42 42 0 -1 4194560 100 0 0 0 1 1 0 0 20 0 1 0 8675309 1000 10 18446744073709551615`;

test('the start time is found whatever the program is called', () => {
  expect(parseStartTime(stat('node', 'S'))).toBe('8675309');
  expect(parseStartTime(stat(') Z 1 2 (', 'S'))).toBe('8675309');
});

test('what is left of an ended process does not run', () => {
  expect(parseStartTime(stat('node', 'Z'))).toBeUndefined();
});

test('processes are found by program and working directory, also when that is deleted', async () => {
  const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'aios-table-')));
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { cwd: directory });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await new Promise((resolve) => child.once('spawn', resolve));
  const program = path.basename(process.execPath);

  const [found] = findProcesses(directory, [program]);
  expect(found).toMatchObject({ pid: child.pid, name: program, isOrphaned: false });
  expect(found?.argv.slice(1)).toEqual(['-e', 'setInterval(() => {}, 1000)']);
  expect(findProcesses(directory, ['etcd'])).toEqual([]);
  expect(findProcesses(path.dirname(directory), [program])).toEqual([]);

  rmSync(directory, { recursive: true });
  expect(findProcesses(directory, [program])).toMatchObject([{ pid: child.pid, isOrphaned: true }]);

  child.kill('SIGKILL');
  await ended;
  expect(found && isRunning(found)).toBe(false);
});
