import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { Commands } from '../../../../../embedded/shared/cli/commands';
import { UsageError } from '../../../../../embedded/shared/cli/run-main';

const CHECKOUT = path.resolve(__dirname, '../../../../..');

let given: unknown;

const commands = () =>
  new Commands('cli.ts', 'What it is for.')
    .add('stop', 'ends it', { '--wipe': 'all of it', '--directory <folder>': 'where' }, (options: object) => {
      given = options;
      return Promise.resolve(3);
    })
    .add('start', 'begins it', {}, () => Promise.resolve(0));

test('a command gets its options, and its number is the exit code', async () => {
  expect(await commands().run(['stop', '--wipe', '--directory=/x'])).toBe(3);
  expect(given).toEqual({ wipe: true, directory: '/x' });
  expect(await commands().run(['stop'])).toBe(3);
  expect(given).toEqual({});
});

test.each([
  ['a command that there is not', ['strt'], /unknown command 'strt' \(Did you mean start\?\) \(see --help\)$/],
  ["another command's option", ['start', '--wipe'], /unknown option '--wipe'/],
  ['an option without its value', ['stop', '--directory'], /'--directory <folder>' argument missing/],
  ['an argument', ['start', 'x'], /too many arguments for 'start'/],
])('%s is refused as wrong usage', async (_, args, message) => {
  const failure = await commands()
    .run(args)
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(UsageError);
  expect((failure as UsageError).message).toMatch(message);
  expect((failure as UsageError).exitCode).toBe(2);
});

const run = (cli: string, ...args: string[]) => {
  const env = { PATH: process.env.PATH, HOME: '/nowhere', NO_COLOR: '1' };
  const command = ['--require', 'tsx/cjs', cli, ...args];
  return spawnSync(process.execPath, command, { cwd: CHECKOUT, env, encoding: 'utf8' });
};

describe.each([
  ['embedded/cluster/cli.ts', 2],
  ['embedded/network/cli.ts', 2],
  ['embedded/launcher/cli.ts', 2],
  // As pulumi 3.260 does, whatever its documentation says.
  ['embedded/engine/cli.ts', 1],
])('%s', (cli, wrongUsage) => {
  test('explains itself on stdout', () => {
    const { status, stdout, stderr } = run(cli, '--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(`node --require tsx/cjs ${cli}`);
  });

  test(`ends with ${wrongUsage} and one line on stderr where it is used wrongly`, () => {
    const { status, stdout, stderr } = run(cli, 'bogus', 'dev');
    expect({ status, stdout }).toEqual({ status: wrongUsage, stdout: '' });
    expect(stderr).toMatch(/^error: .*bogus.*\n$/);
  });
});
