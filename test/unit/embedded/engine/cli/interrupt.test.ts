import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

const INTERRUPT = path.resolve(__dirname, '../../../../../embedded/engine/cli/interrupt.ts');

/** A run that has a step under way, which ends when it is given a line. */
async function run() {
  const script = `
    const { interruptSignal } = require(${JSON.stringify(INTERRUPT)});
    const { signal } = interruptSignal(() => console.log('told'));
    process.stdin.once('data', () => process.exit(signal.aborted ? 5 : 6));
    console.log('ready');`;
  const args = ['--require', 'tsx/cjs', '-e', script];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exit = once(child, 'exit');
  await lines.next();
  return { child, exit, nextLine: () => lines.next() };
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s lets the step that is running end', async (signal) => {
  const { child, exit, nextLine } = await run();
  child.kill(signal);
  expect(await nextLine()).toMatchObject({ value: 'told' });
  child.stdin.write('\n');
  expect(await exit).toEqual([5, null]);
});

test('a second Ctrl-C ends the run at once', async () => {
  const { child, exit, nextLine } = await run();
  child.kill('SIGINT');
  await nextLine();
  child.kill('SIGINT');
  expect(await exit).toEqual([1, null]);
});

test('a terminal that was closed, which is told twice, is not asked for twice', async () => {
  const { child, exit, nextLine } = await run();
  child.kill('SIGHUP');
  await nextLine();
  child.kill('SIGHUP');
  child.stdin.write('\n');
  expect(await exit).toEqual([5, null]);
});
