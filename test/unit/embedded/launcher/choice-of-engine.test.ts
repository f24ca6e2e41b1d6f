import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const CHECKOUT = path.resolve(__dirname, '../../../..');

/** Runs the launcher with no pulumi CLI on the PATH. */
function launch(command: string[], environment: Record<string, string>) {
  const cli = ['--require', 'tsx/cjs', 'embedded/launcher/cli.ts', ...command];
  const env = { PATH: '/nowhere', HOME: '/nowhere', ...environment };
  return spawnSync(process.execPath, cli, { cwd: CHECKOUT, env, encoding: 'utf8' });
}

const preview = (environment: Record<string, string>) => launch(['preview', 'staging'], environment);

test('an engine that there is not is refused by name', () => {
  const { status, stderr } = preview({ AIOS_ENGINE: 'pulumi' });
  expect(stderr).toBe(
    'error: AIOS_ENGINE: "pulumi" is neither embedded nor cli; unset it to take the pulumi CLI if it is there\n',
  );
  expect(status).toBe(1);
});

test('asking for the CLI where there is none is told, not passed over in silence', () => {
  const { status, stderr } = preview({ AIOS_ENGINE: 'cli' });
  expect(stderr).toMatch(/^error: AIOS_ENGINE=cli: no pulumi is on the PATH, and none is built.*"make pulumi"/);
  expect(status).toBe(1);
});

test('an option that the engine does not know is refused before the cluster is built or started', () => {
  const { status, stderr } = launch(['up', 'dev', '--bogus'], { AIOS_ENGINE: 'embedded' });
  expect(stderr).toMatch(/^error: Unknown option '--bogus'/);
  expect(status).toBe(1);
});

test('an option that the CLI does not know is refused before the cluster is built or started, in the words of the CLI', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'aios-pulumi-'));
  const script = '#!/bin/sh\n[ "$1" = version ] && echo v3.260.0 && exit\necho "error: unknown flag: $2" >&2; exit 1\n';
  writeFileSync(path.join(folder, 'pulumi'), script, { mode: 0o755 });
  const { status, stderr } = launch(['up', 'dev', '--bogus'], { AIOS_ENGINE: 'cli', PATH: folder });
  rmSync(folder, { recursive: true });
  expect(stderr).toBe('error: pulumi up --bogus: unknown flag: --bogus\n');
  expect(status).toBe(1);
});

test.each(['verify', 'doctor'])('%s tells how it is used without a cluster', (command) => {
  // With nothing on the PATH a cluster could be neither built nor started.
  const { status, stdout, stderr } = launch([command, 'dev', '--help'], {});
  expect(stdout).toMatch(new RegExp(`^Usage: make ${command}`));
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
