import { spawnSync } from 'node:child_process';
import path from 'node:path';

const ROOT = path.join(__dirname, '../../..');

test('the cases of the example rule pass, with the command of its README', () => {
  const args = ['--silent', 'test-rules', 'ARGS=--root examples/rule'];
  const { stdout, status } = spawnSync('make', args, { cwd: ROOT, encoding: 'utf8' });
  expect(stdout).toMatch(/region-in-id +5 passed/);
  expect(status).toBe(0);
});
