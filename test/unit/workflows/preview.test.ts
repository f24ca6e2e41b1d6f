import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { type Workflow, readWorkflow, runJob } from './harness/job';
import { Stubs } from './harness/stub';

const CHECKOUT = path.resolve(__dirname, '../../..');

const OURS = {
  repository: 'owner/network',
  actor: 'someone',
  event: { pull_request: { number: 7, base: { sha: 'ba5e' }, head: { repo: { full_name: 'owner/network' } } } },
};
const FORK = {
  ...OURS,
  event: { pull_request: { ...OURS.event.pull_request, head: { repo: { full_name: 'stranger/network' } } } },
};

describe('preview.yml', () => {
  let workflow: Workflow;
  let stubs: Stubs;

  beforeEach(async () => {
    workflow = await readWorkflow(path.join(CHECKOUT, '.github/workflows/preview.yml'));
    stubs = await Stubs.create();
    await stubs.add('make');
  });
  afterEach(() => stubs.remove());

  const run = (job: string, context: Record<string, unknown>) =>
    runJob(workflow, job, { checkout: CHECKOUT, context, environment: stubs.environment });

  it('previews every stack that has a file', async () => {
    const { outputs, failed } = await runJob(workflow, 'stacks', { checkout: CHECKOUT, context: { github: OURS } });
    const files = await readdir(path.join(CHECKOUT, 'stacks'));
    const names = files.flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
    expect(failed).toBe(false);
    expect(JSON.parse(outputs.stacks ?? '')).toEqual(names.sort());
  });

  it('previews one of ours with credentials, and keeps the plan', async () => {
    const secrets = { PULUMI_CONFIG_PASSPHRASE: 'correct horse', KUBECONFIG: 'apiVersion: v1' };
    const vars = { PULUMI_BACKEND_URL: 's3://states' };
    await stubs.add('make', `if [ "$1" = preview ]; then env > "$CHECKED"; cat "$KUBECONFIG" >> "$CHECKED"; fi`);
    const checked = path.join(stubs.environment.PATH?.split(':')[0] ?? '', 'checked');
    const { failed, skipped, log } = await runJob(workflow, 'preview', {
      checkout: CHECKOUT,
      context: { github: OURS, matrix: { stack: 'prod' }, secrets, vars },
      environment: { ...stubs.environment, CHECKED: checked },
    });
    expect({ failed, skipped }).toEqual({ failed: false, skipped: false });
    expect((await stubs.calls('make')).at(-1)).toEqual([
      ...['preview', 'STACK=prod', 'BASE=ba5e', 'REPORT=report', 'ARGS=--save-plan report/prod.plan'],
    ]);
    const environment = await readFile(checked, 'utf8');
    expect(environment).toMatch(/^AIOS_ENGINE=cli$/m);
    expect(environment).toMatch(/^PULUMI_BACKEND_URL=s3:\/\/states$/m);
    expect(environment).toMatch(/^apiVersion: v1$/m);
    expect(environment + log).not.toContain('correct horse\n');
  });

  it('gives a fork no credentials, and previews all its stacks on an embedded cluster', async () => {
    const preview = await run('preview', { github: FORK, matrix: { stack: 'prod' } });
    expect(preview.skipped).toBe(true);
    const { failed } = await run('review', { github: FORK });
    expect(failed).toBe(false);
    expect((await stubs.calls('make')).at(-1)).toEqual(['review', 'REPORT=report']);
  });

  it('takes a robot that has no secrets for a fork', async () => {
    const robot = { ...OURS, actor: 'dependabot[bot]' };
    expect((await run('preview', { github: robot, matrix: { stack: 'prod' } })).skipped).toBe(true);
    await run('review', { github: robot });
    expect((await stubs.calls('make')).at(-1)).toEqual(['review', 'REPORT=report']);
  });

  it('previews of ours only what has no cluster on an embedded one', async () => {
    await run('review', { github: OURS });
    expect((await stubs.calls('make')).at(-1)).toEqual(['review', 'REPORT=report', 'STACK=dev']);
  });
});
