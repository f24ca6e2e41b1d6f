import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { copyWorkingTree } from '../../embedded/review/checkouts';
import { GitHubServer } from '../unit/workflows/harness/forge-server';
import { type Outcome, readWorkflow, runJob } from '../unit/workflows/harness/job';

const CHECKOUT = path.resolve(__dirname, '../..');

interface Plan {
  steps: { op: string; urn: string }[];
}

/** The pull request of a stranger: two commits of a repository that has this checkout's program and one stack. */
describe('a pull request of a fork', () => {
  let repository: string;
  let base: string;
  let artifact: string;

  beforeAll(async () => {
    repository = await mkdtemp(path.join(tmpdir(), 'aios-fork-'));
    artifact = path.join(repository, '.aios', 'artifact');
    await copyWorkingTree(CHECKOUT, repository);
    // Packages that are older than what asks for them would be installed.
    for (const file of ['package.json', 'package-lock.json', '.npmrc']) utimesSync(path.join(repository, file), 0, 0);
    for (const stack of ['dev', 'prod']) rmSync(path.join(repository, `stacks/Pulumi.${stack}.yaml`));
    git('init', '--quiet', '--initial-branch=main');
    writeFileSync(path.join(repository, '.git/info/exclude'), 'node_modules\n');
    base = commit('As it is');
    edit((text) => text.replace('max: 20', 'max: 30').replace('v1.3.0-rc.3', 'v1.3.0-rc.4'));
    commit('Let more nodes in');
  }, 60_000);
  afterAll(() => rm(repository, { recursive: true, force: true }));

  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@localhost', ...args], {
      cwd: repository,
      encoding: 'utf8',
    }).trim();

  function commit(message: string): string {
    git('add', '--all');
    git('commit', '--quiet', '--message', message);
    return git('rev-parse', 'HEAD');
  }

  function edit(change: (text: string) => string): void {
    const file = path.join(repository, 'stacks/Pulumi.staging.yaml');
    const text = readFileSync(file, 'utf8');
    const changed = change(text);
    expect(changed).not.toBe(text);
    writeFileSync(file, changed);
  }

  async function review(): Promise<Outcome> {
    const pull = { number: 7, base: { sha: base }, head: { repo: { full_name: 'stranger/network' } } };
    return runJob(await readWorkflow(path.join(CHECKOUT, '.github/workflows/preview.yml')), 'review', {
      checkout: repository,
      context: { github: { repository: 'owner/network', actor: 'stranger', event: { pull_request: pull } } },
      environment: { PULUMI_CONFIG_PASSPHRASE: '', STACK: '' },
      actions: {
        'actions/upload-artifact': ({ path: folder = '' }) => {
          cpSync(path.join(repository, folder), artifact, { recursive: true });
          return Promise.resolve();
        },
      },
    });
  }

  it('is previewed against what its base has, without credentials, and leaves nothing running', async () => {
    const { failed, log } = await review();
    expect(log).toContain('staging: previewing the change');
    expect(failed).toBe(false);

    const { steps } = JSON.parse(readFileSync(path.join(artifact, 'staging.json'), 'utf8')) as Plan;
    const changed = steps.filter(({ op }) => op !== 'same').map(({ op, urn }) => `${op} ${urn.split('::').at(-1)}`);
    expect(changed.sort()).toEqual(['update network', 'update pre-check-policies', 'update search-server']);
    expect(existsSync(path.join(repository, '.aios/review'))).toBe(false);
    expect(git('status', '--porcelain')).toBe('?? report/');
  }, 300_000);

  it('gets one comment, by a job that takes nothing of it but its plans', async () => {
    const forge = await GitHubServer.start();
    forge.pulls = [{ number: 7, head: { sha: 'c0ffee', label: 'stranger:more-nodes' } }];
    const run = {
      id: 5,
      event: 'pull_request',
      conclusion: 'success',
      head_repository: { full_name: 'stranger/network', owner: { login: 'stranger' } },
      head_branch: 'more-nodes',
      head_sha: 'c0ffee',
    };
    const event = { workflow_run: run, repository: { default_branch: 'main' } };
    const comment = async () =>
      runJob(await readWorkflow(path.join(CHECKOUT, '.github/workflows/comment.yml')), 'comment', {
        checkout: CHECKOUT,
        context: { github: { repository: 'owner/network', token: 'a-token', event } },
        environment: forge.environment,
        actions: {
          'actions/download-artifact': ({ path: folder = '' }) => {
            cpSync(artifact, folder, { recursive: true });
            return Promise.resolve();
          },
        },
      });
    try {
      for (const { failed, log } of [await comment(), await comment()])
        expect({ failed, log }).toMatchObject({ failed: false });
      expect(forge.comments).toMatchObject([{ issue: '7' }]);
      const body = forge.comments[0]?.body;
      expect(body).toContain('### Stack <code>staging</code>');
      expect(body).toContain('<code>20</code> → <code>30</code>');
      expect(body).toContain('by somebody who may not be trusted');
    } finally {
      await forge.close();
    }
  }, 120_000);

  it('that cannot be read says where, with what there is', async () => {
    edit((text) => text.replace('max: 30', 'max: thirty'));
    const { failed, log } = await review();
    expect(failed).toBe(true);
    expect(log).toContain('staging: The preview failed.');
    expect(log).toMatch(/policies\.bindings\.add_node/);
  }, 300_000);
});
