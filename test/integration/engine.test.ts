import { readFile } from 'node:fs/promises';
import { Project } from './harness/project';
import { until } from './harness/workspace';

const imports = `
import * as pulumi from '@pulumi/pulumi';
import * as random from '@pulumi/random';
const provider = new random.Provider('random');
`;

/** A component with one password, by name. */
const component = `
class Safe extends pulumi.ComponentResource {
  readonly password: pulumi.Output<string>;
  constructor(name: string, length: number, options?: pulumi.ComponentResourceOptions) {
    super('sample:index:Safe', name, {}, options);
    this.password = new random.RandomPassword(name + '-password', { length }, { parent: this, provider }).result;
    this.registerOutputs({ password: this.password });
  }
}
`;

interface Exported {
  deployment: { resources?: { urn: string; protect?: boolean; inputs?: unknown; outputs?: Record<string, unknown> }[] };
}

describe('the embedded engine runs a Pulumi program', () => {
  let project: Project;

  beforeEach(async () => {
    project = await Project.create();
  });

  afterEach(async () => {
    await project.remove();
  });

  const exported = async (...args: string[]) => {
    const { stdout } = await project.engine(['stack', 'export', ...args]);
    return (JSON.parse(stdout) as Exported).deployment.resources ?? [];
  };

  /** What is secret in a state that is shown: JSON each, of which Go escapes some letters. */
  function plaintextsIn(shown: unknown): unknown[] {
    const found: unknown[] = [];
    JSON.stringify(shown, (key, value: unknown) => {
      if (key === 'plaintext') found.push(JSON.parse(value as string));
      return value;
    });
    return found;
  }

  it('previews, applies, leaves alone, renames by alias and destroys; secrets stay secret', async () => {
    await project.program(`${imports}${component}
      const safe = new Safe('old', 24);
      export const greeting = new pulumi.Config().require('greeting');
      export const length = safe.password.apply((text) => text.length);
      export const password = safe.password;`);
    expect(await project.changes('preview')).toEqual({ create: 4 });
    expect((await project.engine(['stack', 'output', '--json'])).stdout).toBe('{}\n');

    expect(await project.changes('up', '--yes')).toEqual({ create: 4 });
    const shown = await project.engine(['stack', 'output', '--json']);
    expect(JSON.parse(shown.stdout)).toEqual({ greeting: 'hello', length: '[secret]', password: '[secret]' });
    const revealed = await project.engine(['stack', 'output', '--json', '--show-secrets']);
    const { password } = JSON.parse(revealed.stdout) as { password: string };
    expect(password).toHaveLength(24);
    expect(JSON.stringify(await exported())).not.toContain(password);

    await project.program(`${imports}${component}
      new Safe('new', 24, { aliases: [{ name: 'old' }] });`);
    expect(await project.changes('up', '--yes', '--expect-no-changes')).toEqual({ same: 4 });
    const resources = await exported('--show-secrets');
    expect(resources.map(({ urn }) => urn.split('::').at(-1))).toContain('new-password');
    expect(plaintextsIn(resources)).toContain(password);

    expect(await project.changes('destroy', '--yes')).toEqual({ delete: 4 });
    expect(await exported()).toEqual([]);
  }, 120_000);

  it('runs a program with the SDK as it is, if it is told to leave it', async () => {
    await project.program(
      `${imports}${component} export const length = new Safe('a', 24).password.apply((p) => p.length);`,
    );
    const unpatched = { AIOS_SDK_PATCHES: 'off' };
    expect(await project.engine(['up', '--yes'], unpatched)).toMatchObject({ code: 0 });
    expect(await project.engine(['preview', '--expect-no-changes'], unpatched)).toMatchObject({ code: 0 });
    expect(await project.changes('preview', '--expect-no-changes')).toEqual({ same: 4 });
  }, 120_000);

  it('hands a state over: what is exported can be imported, and then there is nothing to do', async () => {
    await project.program(`${imports} new random.RandomPassword('p', { length: 16 }, { provider });`);
    await project.changes('up', '--yes');
    const file = `${project.directory}/export.json`;
    await project.engine(['stack', 'export', '--file', file]);
    await project.engine(['destroy', '--yes']);
    expect(await project.engine(['stack', 'import', '--file', file])).toMatchObject({ code: 0 });
    expect(await project.changes('preview', '--expect-no-changes')).toEqual({ same: 3 });
  }, 120_000);

  it('forgets a stack only when told to, if it still has resources', async () => {
    await project.program(`${imports} new random.RandomPassword('p', { length: 16 }, { provider });`);
    await project.changes('up', '--yes');
    const refused = await project.engine(['stack', 'rm', '--yes']);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('still has 3 resources') as string });
    expect((await project.engine(['stack', 'rm', '--force'])).code).toBe(2);
    expect(await project.changes('preview', '--expect-no-changes')).toEqual({ same: 3 });

    const forced = { PULUMI_CONFIG_PASSPHRASE: 'another' };
    expect(await project.engine(['stack', 'rm', '--yes', '--force'], forced)).toMatchObject({ code: 0 });
    expect(await project.changes('preview')).toEqual({ create: 3 });
  }, 120_000);

  it('says what is wrong and where, without a stack trace, and with the exit codes of the CLI', async () => {
    await project.program(`${imports} throw new pulumi.RunError('the sky is too low');`);
    const failed = await project.engine(['up', '--yes']);
    expect(failed).toMatchObject({ code: 1, stdout: expect.stringContaining('error: the sky is too low') as string });
    expect(failed.stdout).not.toMatch(/\n\s+at /);

    await project.program(`${imports} new random.RandomPassword('p', { length: 8 }, { provider });`);
    expect((await project.engine(['preview', '--expect-no-changes'])).code).toBe(7);
    expect((await project.engine(['up'])).code).toBe(2);
    expect((await project.engine(['frobnicate'])).code).toBe(1);
    const wrong = await project
      .engine(['up', '--yes'])
      .then(() => project.engine(['preview'], { PULUMI_CONFIG_PASSPHRASE: 'no' }));
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('Incorrect passphrase') as string });
    const stranger = project.start(['preview', '--stack', 'nobody']);
    expect(await new Promise((resolve) => stranger.once('close', resolve))).toBe(6);
  }, 120_000);

  it.each([
    ['{ provider, deletedWith: provider }', 'DeletedWith'],
    ["{ provider, replaceOnChanges: ['length'] }", 'uses replaceOnChanges, which the embedded engine does not support'],
    ["{ provider, ignoreChanges: ['a[0]'] }", 'uses ignoreChanges with an index or a wildcard, which'],
    ["{ provider, import: 'abcdefgh' }", 'uses import, which the embedded engine does not support'],
    ['{}', 'random:index/randomPassword:RandomPassword "p" has no provider'],
  ])(
    'refuses by name what it cannot do: %s',
    async (options, message) => {
      await project.program(`${imports} new random.RandomPassword('p', { length: 8 }, ${options});`);
      expect(await project.engine(['up', '--yes'])).toMatchObject({
        code: 1,
        stdout: expect.stringContaining(message) as string,
      });
    },
    60_000,
  );

  it('refuses to read what the program does not manage', async () => {
    await project.program(`${imports} random.RandomPassword.get('p', 'there', {}, { provider });`);
    const { code, stdout } = await project.engine(['preview']);
    expect(code).toBe(1);
    expect(stdout).toContain('does not support resources that are only read (get, StackReference)');
  }, 60_000);

  it('refreshes first where Pulumi.yaml wants it always', async () => {
    await project.program(`${imports} new random.RandomPassword('p', { length: 8 }, { provider });`);
    await project.changes('up', '--yes');
    const operations = async () => {
      const { stdout } = await project.engine(['preview', '--json']);
      return (JSON.parse(stdout) as { steps: { op: string }[] }).steps.map(({ op }) => op);
    };
    expect(await operations()).not.toContain('refresh');
    await project.write(
      'Pulumi.yaml',
      `${await readFile(`${project.directory}/Pulumi.yaml`, 'utf8')}options: { refresh: always }\n`,
    );
    expect(await operations()).toContain('refresh');
  }, 60_000);

  it('lets one run at a time change a stack', async () => {
    await project.program(`${imports}
      const done = new Promise((resolve) => setTimeout(resolve, 60_000));
      export const never = done;`);
    const first = project.start(['up', '--yes', '--stack', 'test']);
    let said = '';
    first.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await until(() => Promise.resolve(said.includes('aios') || said.includes('Stack')), 'the first run has begun');
    const second = await project.engine(['up', '--yes']);
    expect(second.code).not.toBe(0);
    expect(second.stderr).toMatch(/locked|another/i);
    first.kill('SIGINT');
    expect(await new Promise((resolve) => first.once('close', resolve))).toBe(1);
  }, 120_000);
});
