import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Project } from './harness/project';
import { until } from './harness/workspace';

const program = (length: number, more = '') => `
  import * as random from '@pulumi/random';
  const provider = new random.Provider('random');
  new random.RandomPassword('one', { length: ${length} }, { provider });
  ${more}`;

/** A pack of this body, whose policies see passwords. */
const pack = (policies: string) => `
  const { PolicyPack } = require('@pulumi/policy');
  const isPassword = ({ type }) => type === 'random:index/randomPassword:RandomPassword';
  new PolicyPack('sample', { policies: [${policies}] });`;

const long = (level: string) => `{
  name: 'long', description: 'A password is long.', enforcementLevel: '${level}',
  validateResource: (resource, report) => {
    if (isPassword(resource) && resource.props.length < 20) report('it has ' + resource.props.length + ' characters');
  },
}`;

const single = `{
  name: 'single', description: 'There is one password.', enforcementLevel: 'mandatory',
  validateStack: ({ resources }, report) => {
    const [, second] = resources.filter(isPassword);
    if (second) report('there is another one', second.urn);
  },
}`;

const SECOND = `new random.RandomPassword('two', { length: 30 }, { provider });`;

describe('policy packs', () => {
  let project: Project;

  beforeEach(async () => {
    project = await Project.create();
    await project.write('package.json', JSON.stringify({ main: 'index.ts', version: '1.2.3' }));
    await mkdir(path.join(project.directory, 'pack'));
    await project.write('pack/PulumiPolicy.yaml', 'runtime: nodejs\n');
  });

  afterEach(async () => {
    await project.remove();
  });

  const engine = async (policies: string, args: string[]) => {
    await project.write('pack/index.js', policies.includes('PolicyPack') ? policies : pack(policies));
    return project.engine([...args, '--policy-pack', 'pack', '--color', 'never']);
  };
  const stateOf = async () =>
    (JSON.parse((await project.engine(['stack', 'export'])).stdout) as { deployment: { resources?: unknown[] } })
      .deployment.resources ?? [];

  it('are told of where nothing is against them, and advise where something is', async () => {
    await project.program(program(30));
    const clean = await engine(`${long('mandatory')}, ${single}`, ['up', '--yes']);
    expect(clean.stdout.match(/^Policies:\n.*\n$/gm)).toEqual([
      'Policies:\n    ✅ sample@v1.2.3 (local: pack)\n',
      'Policies:\n    ✅ sample@v1.2.3 (local: pack)\n',
    ]);
    expect(clean.code).toBe(0);

    await project.program(program(10));
    const advised = await engine(long('advisory'), ['up', '--yes', '--skip-preview']);
    expect(advised.stdout).toContain(`Policies:
    ⚠️ sample@v1.2.3 (local: pack)
        - [advisory]  long  (random:index/randomPassword:RandomPassword: one)
          A password is long.
          it has 10 characters
`);
    expect(advised.code).toBe(0);
  }, 120_000);

  it('that are mandatory fail a preview, which tells of all there is, and an update before anything is changed', async () => {
    await project.program(program(10, SECOND));
    const preview = await engine(`${long('mandatory')}, ${single}`, ['preview']);
    expect(preview.stdout).toMatch(/❌ sample@v1\.2\.3 .*\n.*\[mandatory\] {2}long .*one\)\n(.*\n){2}.*single .*two\)/);
    expect(preview.stdout).toMatch(/\+ 4 to create\n[^]*preview failed/);
    expect(preview.code).toBe(1);

    for (const one of [long('mandatory'), single]) {
      const up = await engine(one, ['up', '--yes']);
      expect(up.stdout).toMatch(/preview failed/);
      expect(up.stdout).not.toMatch(/Updating/);
      expect(up.code).toBe(1);
    }
    const unseen = await engine(long('mandatory'), ['up', '--yes', '--skip-preview']);
    expect(unseen.stdout).toMatch(/❌ sample[^]*update failed/);
    expect(unseen.code).toBe(1);
    expect(JSON.stringify(await stateOf())).not.toContain('RandomPassword');
  }, 120_000);

  it('are told as events, and in the document of a preview, where programs read', async () => {
    await project.program(program(10));
    const { stdout, code } = await engine(long('mandatory'), ['up', '--yes', '--json', '--skip-preview']);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.find(({ policyEvent }) => policyEvent)?.policyEvent).toMatchObject({
      resourceUrn: 'urn:pulumi:test::sample::random:index/randomPassword:RandomPassword::one',
      message: 'A password is long.\nit has 10 characters\n',
      ...{ policyName: 'long', policyPackName: 'sample', policyPackVersion: '1.2.3', enforcementLevel: 'mandatory' },
    });
    expect(events.find(({ summaryEvent }) => summaryEvent)?.summaryEvent).toMatchObject({
      PolicyPacks: { 'sample|local|pack': '1.2.3' },
      result: 'failed',
    });
    expect(code).toBe(1);

    const preview = await engine(long('mandatory'), ['preview', '--json']);
    const { diagnostics } = JSON.parse(preview.stdout) as { diagnostics: { message: string; severity: string }[] };
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'error: mandatory policy long of sample: A password is long.\nit has 10 characters\n',
      'error: preview failed\n',
    ]);
  }, 120_000);

  it('see secrets, and nobody else does', async () => {
    await project.program(
      program(30).replace('new random.RandomPassword', 'export const { result } = new random.RandomPassword'),
    );
    await project.changes('up', '--yes');
    const outputs = await project.engine(['stack', 'output', '--json', '--show-secrets']);
    const { result } = JSON.parse(outputs.stdout) as { result: string };
    expect(result).toHaveLength(30);
    const telling = `{
      name: 'telling', description: '-', enforcementLevel: 'mandatory',
      validateStack: ({ resources }, report) => report('!' + resources.find(isPassword).props.result),
    }`;
    for (const args of [['preview'], ['preview', '--json'], ['up', '--yes', '--skip-preview', '--json']]) {
      const { stdout, stderr } = await engine(telling, args);
      expect(stdout).toMatch(/!\[secret\]/);
      expect(stdout + stderr).not.toContain(result);
    }
  }, 120_000);

  it.each([
    [
      'does not start',
      `throw new Error('no cheese'); // PolicyPack`,
      /policy pack "pack" ended before its work was done: no cheese/,
    ],
    [
      'says something else first',
      `console.log('hi'); // PolicyPack`,
      /policy pack "pack" printed "hi" where its port must come first/,
    ],
    [
      'ends',
      `{ name: 'a', description: 'a', enforcementLevel: 'advisory', validateResource: () => process.exit(3) }`,
      /policy pack "pack" ended before its work was done \(exit code 3\)/,
    ],
    [
      'fails',
      `{ name: 'a', description: 'a', enforcementLevel: 'advisory', validateResource: () => { throw new Error('no cheese'); } }`,
      /policy pack "pack" failed: .*no cheese/,
    ],
    [
      'remediates',
      `{ name: 'a', description: 'a', enforcementLevel: 'remediate', remediateResource: () => undefined }`,
      /policy pack "pack" has the policy a, which remediates, which the embedded engine does not support/,
    ],
  ])(
    'a pack that %s fails the run, and says why once',
    async (_, policies, reason) => {
      await project.program(program(30));
      const { stdout, code } = await engine(policies, ['preview']);
      expect(stdout).toMatch(reason);
      expect(stdout.match(/error:/g)).toHaveLength(1);
      expect(code).toBe(1);
    },
    120_000,
  );

  it('end with the run where they hang', async () => {
    await project.program(program(30));
    const begun = 'begun';
    const hang = `require('node:fs').writeFileSync('${project.directory}/${begun}', ''); for (;;);`;
    await project.write(
      'pack/index.js',
      pack(`{ name: 'a', description: 'a', enforcementLevel: 'advisory', validateResource: () => { ${hang} } }`),
    );
    const child = project.start(['preview', '--stack', 'test', '--policy-pack', 'pack']);
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await until(
      async () => (await readFile(path.join(project.directory, begun)).catch(() => undefined)) !== undefined,
      'the pack is asked',
    );
    child.kill('SIGINT');
    expect(await ended).toBe(1);
  }, 120_000);

  it.each([
    [
      ['preview', '--policy-pack', 'pack', '--policy-pack-config', 'a.json'],
      /--policy-pack-config a\.json: .* use the pulumi CLI/,
    ],
    [['destroy', '--yes', '--policy-pack', 'pack'], /destroy: --policy-pack is for preview and up/],
    [['preview', '--policy-pack', 'nowhere'], /nowhere\/PulumiPolicy\.yaml cannot be read \(there is no such file\)/],
  ])(
    '%j is refused',
    async (args, reason) => {
      await project.program(program(30));
      const { stdout, stderr, code } = await project.engine(args);
      expect(stdout + stderr).toMatch(reason);
      expect(code).toBe(1);
    },
    120_000,
  );
});
