import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { removeFolders, ruleFolder } from './rule-folder';

afterEach(removeFolders);

const COMMAND = path.join(__dirname, '../../../../policies/packaging/test-rules.ts');

function testRules(...args: string[]) {
  return spawnSync(process.execPath, ['--import', 'tsx', COMMAND, ...args], { encoding: 'utf8' });
}

test('shows what failed and ends with 1', () => {
  const root = path.dirname(
    ruleFolder({ 'cases/allow.json': ['"allowed": true, "input_data"', '"allowed": true, "input_data": 1, "_"'] }),
  );
  expect(testRules('--root', root)).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('has unknown keys: _') as string,
  });
  const other = path.dirname(ruleFolder({ 'cases/allow.json': ['{ "id": "gpu-1" } }', '{ "id": "gpu-2" } }'] }));
  const { status, stdout } = testRules('--root', other, '--rule', 'rule-name');
  expect(status).toBe(1);
  expect(stdout).toContain(
    'rule-name            2 passed, 1 failed\n  cases/allow.json: a node whose id begins as it should',
  );
  expect(stdout).toMatch(/\n2 passed, 1 failed\n$/);
});

test('ends with 2 and names the rules where one is unknown', () => {
  const root = path.dirname(ruleFolder());
  const { status, stderr } = testRules('--root', root, '--rule', 'max-node');
  expect([status, stderr]).toEqual([2, 'error: no rule is named max-node; there are rule-name\n']);
});
