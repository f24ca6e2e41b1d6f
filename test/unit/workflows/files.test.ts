import { readdirSync } from 'node:fs';
import path from 'node:path';
import { type Step, type Workflow, readWorkflow } from './harness/job';

const CHECKOUT = path.resolve(__dirname, '../../..');
const FOLDER = path.join(CHECKOUT, '.github/workflows');
const FILES = readdirSync(FOLDER);
const ACTIONS = ['setup', 'credentials'].map((name) => path.join(CHECKOUT, '.github/actions', name, 'action.yml'));

type Job = Workflow['jobs'][string] & { permissions?: Record<string, string>; 'timeout-minutes'?: number };

const jobsOf = async (file: string) =>
  Object.entries((await readWorkflow(path.join(FOLDER, file))).jobs) as [string, Job][];

async function allSteps(): Promise<Step[]> {
  const jobs = (await Promise.all(FILES.map(jobsOf))).flat();
  const composites = await Promise.all(ACTIONS.map(readWorkflow));
  const steps = composites.map((action) => (action as unknown as { runs: { steps: Step[] } }).runs.steps);
  return [...jobs.flatMap(([, job]) => job.steps), ...steps.flat()];
}

it('pins every action of others to a commit, with its release beside it', async () => {
  const foreign = (await allSteps()).flatMap(({ uses }) => (uses === undefined || uses.startsWith('./') ? [] : uses));
  expect(foreign).not.toHaveLength(0);
  for (const action of foreign) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
});

// What a pull request is called, or says, is code once it stands in a script.
it('puts nothing of an event into a script: values come by the environment', async () => {
  for (const { run } of await allSteps()) expect(run ?? '').not.toContain('${{');
});

it.each(FILES)('gives %s no rights but those that a job names, and an end', async (file) => {
  const { permissions, on } = await readWorkflow(path.join(FOLDER, file));
  expect(permissions).toEqual({});
  expect(JSON.stringify(on)).not.toContain('pull_request_target');
  for (const [, job] of await jobsOf(file)) {
    expect(job.permissions?.contents).toBe('read');
    expect(job['timeout-minutes']).toBeGreaterThan(0);
  }
});

it('lets only the job that runs nothing of a pull request write to it', async () => {
  const writers = (await Promise.all(FILES.map(jobsOf)))
    .flat()
    .filter(([, { permissions }]) => permissions?.['pull-requests'] === 'write');
  expect(writers.map(([name]) => name)).toEqual(['comment']);
  const [checkout] = writers[0]?.[1].steps ?? [];
  expect(checkout?.with).toMatchObject({ ref: '${{ github.event.repository.default_branch }}' });
});

it('never takes a secret where a fork could run its own code', async () => {
  const { jobs } = await readWorkflow(path.join(FOLDER, 'preview.yml'));
  expect(JSON.stringify(jobs.review)).not.toContain('secrets.');
  expect(jobs.preview?.if).toContain('head.repo.full_name == github.repository');
});
