import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readDecisions } from '../../../../operations/report/decisions';
import { node, Project } from './project';

const CHECKOUT = path.join(__dirname, '../../../..');

let base: Project;
let here: Project;

beforeEach(() => {
  base = new Project();
  here = new Project();
  const bound = (max: number) => ({ bindings: { add_node: { policy: 'max-nodes', parameters: { max } } } });
  base.policies(bound(2), 'max-nodes');
  here.policies(bound(3), 'max-nodes').requests([{ name: 'one', action: 'add_node', input: node('n-1', 2) }]);
});
afterEach(() => {
  base.remove();
  here.remove();
});

function run(...args: string[]) {
  const cli = path.join(CHECKOUT, 'operations/policy-impact/cli.ts');
  const tsx = path.join(CHECKOUT, 'node_modules/tsx/dist/cjs/index.cjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--require', tsx, cli, ...args], {
    cwd: here.folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('tells people what is decided otherwise, and the report the same', () => {
  const out = here.path('report');
  const { status, stdout } = run('trial', '--base', base.folder, '--out', out);
  expect(status).toBe(0);
  expect(stdout).toContain('network  add_node  parameters  max-nodes v0.0.1 {"max":2}  ->  max-nodes v0.0.1 {"max":3}');
  expect(stdout).toMatch(/^Newly allowed: \d+$/m);
  expect(stdout).toContain("denied: cluster 'c-1' has 2 nodes, 2 are allowed  ->  allowed");
  const file = readDecisions(JSON.parse(readFileSync(path.join(out, 'decisions-trial.json'), 'utf8')));
  expect(file.changes).toContainEqual({
    action: 'add_node',
    cluster: 'c-1',
    request: 'n-1 joins c-1 (2 nodes)',
    before: { verdict: 'denied', policy: 'max-nodes', reason: "cluster 'c-1' has 2 nodes, 2 are allowed" },
    after: { verdict: 'allowed', policy: 'max-nodes' },
    count: 1,
  });
});

test('the exit code says whether a decision differs, where that is asked for, and that nothing could be found out', () => {
  const { status, stdout } = run('trial', '--base', base.folder, '--expect-no-changes', '--json');
  expect(status).toBe(1);
  expect(readDecisions(JSON.parse(stdout)).changes).not.toEqual([]);
  base.policies({ bindings: { add_node: 'no-such-rule' } });
  expect(run('trial', '--base', base.folder)).toMatchObject({
    status: 2,
    stdout: expect.stringContaining('! base cannot be compared with: ') as string,
  });
});

test.each([
  [['--help'], 0, /^$/],
  [['trial', '--all'], 2, /^error: .*--all/],
  [['trial', '--base', 'nowhere'], 2, /^error: BASE=nowhere is neither a folder nor a commit that is here; [^\n]*\n$/],
])('%j ends with %d', (args, status, stderr) => {
  expect(run(...args)).toMatchObject({ status, stderr: expect.stringMatching(stderr) as string });
});
