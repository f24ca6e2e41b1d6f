import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { NEWEST, OLDEST } from '../../operations/doctor/checks/version';
import { type KubernetesObject, OpenApi, type Release } from './harness/openapi';

const run = promisify(execFile);
const CHECKOUT = path.resolve(__dirname, '../..');
const STACKS = ['dev', 'staging', 'prod'];

/** The oldest and the newest release that the program is for; the newest is the embedded control plane's, too. */
const RELEASES: Record<'oldest' | 'newest', Release> = {
  oldest: { version: 'v1.30.14', sum: 'h1:MrlKXh9uhLIJpyxOeXhcndzRVSvwiV9iJ8NgH8nqPsg=' },
  newest: { version: 'v1.36.3', sum: 'h1:qDQdoMiluAE2Eab6Fa52YV+WjiGz9mZFFoagEA6cI+o=' },
};

let directory: string;
const rendered = new Map<string, KubernetesObject[]>();

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'aios-rendered-'));
  for (const stack of STACKS) rendered.set(stack, await render(stack, path.join(directory, stack)));
}, 300_000);

afterAll(() => rm(directory, { recursive: true, force: true }));

async function render(stack: string, folder: string): Promise<KubernetesObject[]> {
  const command = ['--require', './operations/start.js', 'operations/render/cli.ts', stack, '--dir', folder];
  await run(process.execPath, command, { cwd: CHECKOUT });
  const entries = await readdir(folder, { recursive: true });
  const files = entries.filter((file) => file.endsWith('.yaml')).map((file) => path.join(folder, file));
  return Promise.all(files.map(async (file) => parse(await readFile(file, 'utf8')) as KubernetesObject));
}

test('are the ones that make doctor names, and the newest is what the embedded control plane is built from', async () => {
  const minor = ({ version }: Release) => Number(version.split('.')[1]);
  expect([minor(RELEASES.oldest), minor(RELEASES.newest)]).toEqual([OLDEST, NEWEST]);
  const programs = await readFile(path.join(CHECKOUT, 'embedded/cluster/programs/go.mod'), 'utf8');
  expect(programs).toContain(`k8s.io/kubernetes ${RELEASES.newest.version} `);
});

describe.each(Object.entries(RELEASES))('the %s release of Kubernetes', (_age, release) => {
  let api: OpenApi;

  beforeAll(async () => {
    api = await OpenApi.of(release);
  }, 300_000);

  test.each(STACKS)('takes every object of stack %s', (stack) => {
    const objects = rendered.get(stack) ?? [];
    expect(objects.length).toBeGreaterThan(100);
    const said = objects.flatMap((object) =>
      api.faults(object).map((fault) => `${object.kind} ${object.metadata.name}: ${fault}`),
    );
    expect(said).toEqual([]);
  });

  test('refuses a field, a type and a kind that it does not know', () => {
    const object = (apiVersion: string, kind: string, spec: object): KubernetesObject => ({
      apiVersion,
      kind,
      metadata: { name: 'one' },
      spec,
    });
    const selector = { matchLabels: {} };
    const template = { metadata: {}, spec: { containers: [] } };
    expect(api.faults(object('apps/v1', 'Deployment', { selector, template }))).toEqual([]);
    expect(api.faults(object('apps/v1', 'Deployment', { selector, template, replica: 1 }))).toEqual([
      '/spec must NOT have additional properties: replica',
    ]);
    expect(api.faults(object('apps/v1', 'Deployment', { selector, template, replicas: '1' }))).toEqual([
      '/spec/replicas must be integer',
    ]);
    expect(api.faults(object('policy/v1beta1', 'PodSecurityPolicy', {}))).toEqual([
      'there is no PodSecurityPolicy in policy/v1beta1',
    ]);
  });
});
