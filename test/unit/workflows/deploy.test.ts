import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { readWorkflow, runJob } from './harness/job';
import { Stubs } from './harness/stub';

const CHECKOUT = path.resolve(__dirname, '../../..');
const WORKFLOW = path.join(CHECKOUT, '.github/workflows/deploy.yml');
const GITHUB = { repository: 'owner/network', event: { before: 'ba5e' } };

describe('deploy.yml', () => {
  let stubs: Stubs;
  beforeEach(async () => {
    stubs = await Stubs.create();
    await stubs.add('make');
  });
  afterEach(() => stubs.remove());

  it.each(['staging', 'prod'])('brings %s up as its plan says', async (stack) => {
    const { failed } = await runJob(await readWorkflow(WORKFLOW), stack, {
      checkout: CHECKOUT,
      context: { github: GITHUB },
      environment: stubs.environment,
      actions: {
        'actions/download-artifact': ({ name }) => {
          expect(name).toBe(`plan-${stack}`);
          return Promise.resolve();
        },
      },
    });
    expect(failed).toBe(false);
    const [command, ...args] = (await stubs.calls('make')).at(-1) ?? [];
    expect([command, args[0]]).toEqual(['up', `STACK=${stack}`]);
    expect(args[1]).toMatch(new RegExp(`^ARGS=--yes --plan .*/plan/${stack}\\.plan$`));
  });

  it('shows whoever approves what the plan says', async () => {
    const work = await mkdtemp(path.join(tmpdir(), 'aios-deploy-'));
    await mkdir(path.join(work, '.github'));
    await symlink(path.join(CHECKOUT, '.github/actions'), path.join(work, '.github/actions'));
    await stubs.add(
      'make',
      'if [ "$1" = preview ]; then mkdir report && echo "prod: 3 to change" > report/report.md; fi',
    );
    const { summary, failed } = await runJob(await readWorkflow(WORKFLOW), 'plan', {
      checkout: work,
      context: { github: GITHUB, matrix: { stack: 'prod' } },
      environment: stubs.environment,
    });
    expect(failed).toBe(false);
    expect(summary).toBe('prod: 3 to change\n');
    await rm(work, { recursive: true });
  });

  // Twice is for pulumi: stop at once, whatever is half done.
  it('ends a run that takes too long in order: pulumi is interrupted once, and waited for', async () => {
    // The real make would install packages that are not as package.json says, below the feet of the other tests.
    expect(spawnSync('make', ['--question', 'node_modules'], { cwd: CHECKOUT }).status).toBe(0);
    const work = await mkdtemp(path.join(tmpdir(), 'aios-soft-'));
    const started = path.join(work, 'started');
    const said = path.join(work, 'said');
    await rm(path.join(stubs.environment.PATH?.split(':')[0] ?? '', 'make'));
    await stubs.add(
      'pulumi',
      `case "$1" in version) echo v3.260.0; exit;; stack) exit;; esac
       trap 'echo interrupted >> "${said}"; ( sleep 0.5; touch "${said}.over" ) &' INT
       touch "${started}"
       until [ -e "${said}.over" ]; do read -rt 0.05 <> <(:) || true; done
       echo ended >> "${said}"; exit 1`,
    );
    const limit = path.join(work, 'limit.sh');
    const { jobs } = await readWorkflow(WORKFLOW);
    await writeFile(limit, jobs.staging?.steps.at(-1)?.run ?? '');
    const child = spawn('bash', ['-e', limit], {
      cwd: CHECKOUT,
      stdio: 'ignore',
      env: {
        ...process.env,
        ...stubs.environment,
        AIOS_ENGINE: 'cli',
        PULUMI_BACKEND_URL: `file://${work}`,
        PULUMI_CONFIG_PASSPHRASE: '',
        STACK: 'staging',
        SOFT_LIMIT: '90m',
        RUNNER_TEMP: work,
      },
    });
    const closed = new Promise((resolve) => child.once('close', resolve));
    while (!existsSync(started)) await setTimeout(50);
    // What `timeout` gets from the system once its time is over.
    execFileSync('pkill', ['--signal', 'ALRM', '--parent', String(child.pid), '--exact', 'timeout']);
    const code = await closed;
    expect(code).not.toBe(0);
    expect(await readFile(said, 'utf8')).toBe('interrupted\nended\n');
    await rm(work, { recursive: true });
  });
});
