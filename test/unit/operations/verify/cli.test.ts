import { spawnSync } from 'node:child_process';
import path from 'node:path';

const CHECKOUT = path.join(__dirname, '../../../..');

function verify(...args: string[]) {
  const cli = path.join(CHECKOUT, 'operations/verify/cli.ts');
  return spawnSync(process.execPath, ['--require', 'tsx/cjs', cli, ...args], { cwd: CHECKOUT, encoding: 'utf8' });
}

test('tells how it is used where it is asked, and what is wrong where it is not', () => {
  expect(verify('--help')).toMatchObject({
    status: 0,
    stderr: '',
    stdout: expect.stringMatching(/^Usage: make verify/) as string,
  });
  expect(verify()).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringMatching(/^error: name one stack \(see --help\)\n/) as string,
  });
  expect(verify('dev', '--all')).toMatchObject({
    status: 2,
    stderr: "error: '--all': there is no such option (see --help)\n",
  });
  expect(verify('dev', '--every', '0')).toMatchObject({
    status: 2,
    stderr: 'error: --every: "0" is no number of seconds from 1 on\n',
  });
});
