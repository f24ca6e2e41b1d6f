import { spawnSync } from 'node:child_process';
import path from 'node:path';

const CHECKOUT = path.resolve(__dirname, '../../../..');

/** Runs the launcher with no pulumi CLI on the PATH. */
function preview(environment: Record<string, string>) {
  const cli = ['--require', 'tsx/cjs', 'embedded/launcher/cli.ts', 'preview', 'staging'];
  const env = { PATH: '/nowhere', HOME: '/nowhere', ...environment };
  return spawnSync(process.execPath, cli, { cwd: CHECKOUT, env, encoding: 'utf8' });
}

test('an engine that there is not is refused by name', () => {
  const { status, stderr } = preview({ AIOS_ENGINE: 'pulumi' });
  expect(stderr).toBe(
    'error: AIOS_ENGINE: "pulumi" is neither embedded nor cli; unset it to take the pulumi CLI if it is there\n',
  );
  expect(status).toBe(1);
});

test('asking for the CLI where there is none is told, not passed over in silence', () => {
  const { status, stderr } = preview({ AIOS_ENGINE: 'cli' });
  expect(stderr).toContain('error: AIOS_ENGINE=cli: pulumi cannot be started (it is not on the PATH)');
  expect(status).toBe(1);
});
