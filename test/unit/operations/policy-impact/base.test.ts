import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { withBase } from '../../../../operations/policy-impact/base';
import { Project } from './project';

let project: Project;

beforeEach(() => {
  project = new Project().policies({ bindings: { add_node: 'read-only' } }, 'read-only');
});
afterEach(() => project.remove());

const git = (...args: string[]) =>
  execFileSync('git', ['-C', project.folder, '-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
    encoding: 'utf8',
  });

function commit(): void {
  git('init', '--quiet', '--initial-branch=main');
  git('add', '.');
  git('commit', '--quiet', '--message=one');
}

test('a commit is there as files for as long as it is worked with, and the working tree stays as it is', async () => {
  commit();
  project.policies({});
  let folder = '';
  const impact = await withBase(project.folder, 'main', (found) => {
    folder = found;
    return Promise.resolve([`${found}/stacks/Pulumi.trial.yaml`, `${found}/policies/rules/read-only`].map(existsSync));
  });
  expect(impact).toEqual([true, true]);
  expect(existsSync(folder)).toBe(false);
  expect(git('worktree', 'list').trim().split('\n')).toHaveLength(1);
  expect(git('status', '--short')).toBe(' M stacks/Pulumi.trial.yaml\n');
});

test('decisions are compared with those of a commit', async () => {
  commit();
  project.policies({}).requests([{ name: 'one', action: 'remove_cluster', input: { cluster_id: 'c' } }]);
  const impact = await project.against(project, { base: 'main' });
  expect(impact.changed).toMatchObject([{ action: 'add_node', after: 'nothing is asked' }]);
});

test('a branch will do that only the remote has, and a commit of before there were rules', async () => {
  commit();
  git('update-ref', 'refs/remotes/origin/release', 'HEAD');
  await expect(withBase(project.folder, 'release', (found) => Promise.resolve(existsSync(found)))).resolves.toBe(true);
  git('rm', '--quiet', '-r', '--cached', 'policies');
  git('commit', '--quiet', '--message=two');
  await expect(
    withBase(project.folder, 'HEAD', (found) => Promise.resolve(existsSync(`${found}/stacks`))),
  ).resolves.toBe(true);
});

test.each(['no-such-branch', '--output=/tmp/x', 'HEAD:stacks'])('%s is no base, and said to be none', async (base) => {
  commit();
  mkdirSync(project.path('elsewhere'));
  await expect(withBase(project.folder, base, () => Promise.resolve())).rejects.toThrow(
    `BASE=${base} is neither a folder nor a commit that is here`,
  );
});
