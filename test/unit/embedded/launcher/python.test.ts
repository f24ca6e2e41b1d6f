import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const CHECKOUT = path.resolve(__dirname, '../../../..');

test('without Python nothing is built or begun: `up` says in one sentence what is missing', () => {
  // A checkout of its own: stack dev of this one may be up.
  const checkout = mkdtempSync(path.join(tmpdir(), 'aios-checkout-'));
  for (const part of [
    'Pulumi.yaml',
    'package.json',
    'embedded',
    'policies',
    'infra',
    'kubernetes-api',
    'stack-file',
    'stacks',
  ]) {
    cpSync(path.join(CHECKOUT, part), path.join(checkout, part), { recursive: true });
  }
  symlinkSync(path.join(CHECKOUT, 'node_modules'), path.join(checkout, 'node_modules'));
  try {
    const args = ['--require', 'tsx/cjs', 'embedded/launcher/cli.ts', 'up', 'dev', '--yes'];
    const env = { PATH: process.env.PATH, HOME: checkout, PYTHON: '/nowhere/python3', AIOS_ENGINE: 'embedded' };
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: checkout, env, encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(
      /^error: The simulated network decides by .* \/nowhere\/python3 cannot be run; .*PYTHON=.*\n$/,
    );
    expect(existsSync(path.join(checkout, '.aios'))).toBe(false);
  } finally {
    rmSync(checkout, { recursive: true });
  }
});
