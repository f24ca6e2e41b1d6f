import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const RUN_ATTACHED = path.resolve(__dirname, '../../../../../embedded/shared/processes/run-attached.ts');

/** A process that runs this script attached, and says how it ended. */
function runner(script: string) {
  const args = JSON.stringify([process.execPath, ['-e', script]]).slice(1, -1);
  const main = `
    const { runAttached } = require(${JSON.stringify(RUN_ATTACHED)});
    runAttached(${args}).then((code) => process.exit(code), (error) => process.exit(99));`;
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', '-e', main], { stdio: ['ignore', 'pipe', 'inherit'] });
  return { child, exit: once(child, 'exit') };
}

test("the program's exit code is the answer", async () => {
  expect(await runner('process.exit(7)').exit).toEqual([7, null]);
});

test('a program that a signal ended is told as by a shell', async () => {
  expect(await runner("process.kill(process.pid, 'SIGKILL')").exit).toEqual([137, null]);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s lets the program end in order, and is not overtaken',
  async (signal) => {
    const { child, exit } = runner(`
    process.once('SIGINT', () => setTimeout(() => { console.log('in order'); process.exit(3); }, 200));
    setInterval(() => {}, 1000);
    console.log('ready');`);
    await once(child.stdout, 'data');
    const words = once(child.stdout, 'data');
    child.kill(signal);
    expect(await exit).toEqual([3, null]);
    expect(String((await words)[0])).toContain('in order');
  },
);
