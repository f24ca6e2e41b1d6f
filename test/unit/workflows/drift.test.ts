import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GitHubServer } from './harness/forge-server';
import { readWorkflow, runJob } from './harness/job';
import { Stubs } from './harness/stub';

const CHECKOUT = path.resolve(__dirname, '../../..');
const WORKFLOW = path.join(CHECKOUT, '.github/workflows/drift.yml');
const GITHUB = { repository: 'owner/network', server_url: 'https://forge', run_id: 5, token: 'a-token' };

describe('drift.yml', () => {
  let forge: GitHubServer;
  let stubs: Stubs;
  let work: string;

  beforeEach(async () => {
    [forge, stubs] = await Promise.all([GitHubServer.start(), Stubs.create()]);
    work = await mkdtemp(path.join(tmpdir(), 'aios-drift-'));
    await mkdir(path.join(work, 'report'));
    for (const name of ['.github', 'operations', 'node_modules', 'package.json']) {
      await symlink(path.join(CHECKOUT, name), path.join(work, name));
    }
    await stubs.add('make');
  });
  afterEach(async () => {
    await Promise.all([forge.close(), stubs.remove(), rm(work, { recursive: true })]);
  });

  async function night(plan: unknown, report: string) {
    await writeFile(path.join(work, 'report/prod.json'), JSON.stringify(plan));
    await writeFile(path.join(work, 'report/report.md'), report);
    return runJob(await readWorkflow(WORKFLOW), 'drift', {
      checkout: work,
      context: { github: GITHUB, matrix: { stack: 'prod' } },
      environment: { ...stubs.environment, ...forge.environment },
    });
  }

  const drifted = { duration: 1, steps: [{ op: 'update' }, { op: 'same' }] };
  const clean = { duration: 1 };

  it('opens one issue, writes over it while the stack differs, and closes it', async () => {
    expect((await night(clean, 'nothing')).failed).toBe(false);
    expect(forge.issues).toEqual([]);

    await night(drifted, 'first night');
    expect(forge.issues).toMatchObject([{ title: 'Stack prod has drifted', state: 'open' }]);
    await night(drifted, 'second night');
    expect(forge.issues).toHaveLength(1);
    expect(forge.issues[0]?.body).toContain('second night');
    expect(forge.issues[0]?.body).toContain('https://forge/owner/network/actions/runs/5');

    await night(clean, 'nothing');
    expect(forge.issues).toMatchObject([{ state: 'closed' }]);
    expect(forge.comments).toMatchObject([{ body: expect.stringContaining('as its file says again') as string }]);
    expect([...forge.tokens]).toEqual(['Bearer a-token']);
  });

  it('closes nothing after a preview that failed', async () => {
    await night(drifted, 'a night');
    for (const plan of [{ duration: 1, diagnostics: [{ severity: 'error', message: 'x' }] }, {}]) {
      expect((await night(plan, '')).failed).toBe(true);
    }
    expect(forge.issues).toMatchObject([{ state: 'open' }]);
  });

  it("leaves another's issue alone that pretends to be ours", async () => {
    await night(drifted, 'a night');
    const [ours] = forge.issues;
    Object.assign(ours ?? {}, { user: { login: 'stranger' } });
    await night(drifted, 'another night');
    expect(forge.issues).toHaveLength(2);
    expect(forge.issues[0]?.body).toContain('a night');
  });
});
