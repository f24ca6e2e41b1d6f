import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { type GitLabJob, readPipeline } from './harness/gitlab';
import { Stubs } from './harness/stub';

const CHECKOUT = path.resolve(__dirname, '../../..');

describe('.gitlab-ci.yml', () => {
  let jobs: Record<string, GitLabJob>;
  let stubs: Stubs;

  beforeEach(async () => {
    jobs = await readPipeline(path.join(CHECKOUT, '.gitlab-ci.yml'));
    stubs = await Stubs.create();
    for (const program of ['make', 'node', 'apt-get', 'curl', 'sh']) await stubs.add(program);
  });
  afterEach(() => stubs.remove());

  /** Runs a job's lines as they stand in the file, one shell for all of them, as a runner does. */
  function run(name: string, variables: Record<string, string>): number | null {
    const { before_script: before = [], script = [], variables: own } = jobs[name] ?? {};
    const lines = ['set -eo pipefail', ...before, ...script].join('\n');
    const env = { ...process.env, HOME: '/nonexistent', ...stubs.environment, ...own, ...variables };
    return spawnSync('bash', ['-c', lines], { cwd: CHECKOUT, env }).status;
  }

  it('has a job for all that there is on GitHub', () => {
    expect(Object.keys(jobs)).toEqual(['preview', 'review', 'comment', 'staging', 'prod', 'drift']);
  });

  it.each([
    [
      'preview',
      { STACK: 'prod', CI_MERGE_REQUEST_DIFF_BASE_SHA: 'ba5e' },
      ['preview', 'STACK=prod', 'BASE=ba5e', 'REPORT=report', 'ARGS=--save-plan report/prod.plan'],
    ],
    ['review', { CI_MERGE_REQUEST_DIFF_BASE_SHA: 'ba5e' }, ['review', 'BASE=ba5e', 'REPORT=report']],
    ['comment', { CI_MERGE_REQUEST_IID: '7' }, ['report', 'PLANS=report', 'REPORT=report']],
    ['staging', {}, ['up', 'STACK=staging', 'ARGS=--yes --plan report/staging.plan']],
    ['prod', {}, ['up', 'STACK=prod', 'ARGS=--yes --plan report/prod.plan']],
    ['drift', { STACK: 'prod' }, ['preview', 'STACK=prod', 'REPORT=report', 'ARGS=--refresh']],
  ])('runs %s', async (name, variables, expected) => {
    expect(run(name, variables)).toBe(0);
    expect((await stubs.calls('make')).at(-1)).toEqual(expected);
  });

  it('writes comments and issues with what the job made', async () => {
    run('comment', { CI_MERGE_REQUEST_IID: '7' });
    run('drift', { STACK: 'prod', CI_JOB_URL: 'https://forge/job/5' });
    const cli = ['--require', 'tsx/cjs', 'operations/pull-request/cli.ts'];
    expect(await stubs.calls('node')).toEqual([
      [...cli, 'comment', '--name', 'preview', '--body', 'report/report.md', '--pull-request', '7'],
      [
        ...[...cli, 'drift', '--stack', 'prod', '--plan', 'report/prod.json'],
        ...['--body', 'report/report.md', '--run', 'https://forge/job/5'],
      ],
    ]);
  });

  it('ends no deployment half way, and asks before prod', () => {
    for (const name of ['staging', 'prod']) expect(jobs[name]?.interruptible).toBe(false);
    expect(jobs.prod?.rules).toMatchObject([{ when: 'manual' }]);
  });
});
