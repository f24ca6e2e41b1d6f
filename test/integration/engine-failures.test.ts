import { existsSync } from 'node:fs';
import path from 'node:path';
import { Project } from './harness/project';
import { resultOf, until } from './harness/workspace';

const things = path.resolve(__dirname, '../unit/embedded/engine/providers/plugin/fixture/things');

/** Resources that do what their input `act` says, and are read as their input `read` says. */
const program = `
import * as pulumi from '@pulumi/pulumi';
const provider = new (class extends pulumi.ProviderResource {
  constructor() { super('things', 'things', {}); }
})();
class Thing extends pulumi.CustomResource {
  constructor(name: string, args: pulumi.Inputs = {}, options: pulumi.CustomResourceOptions = {}) {
    super('things:index:Thing', name, { ...args }, { provider, ...options });
  }
}
`;

/** What no user should see: frames of a stack, and what gRPC says when it is taken down. */
const internals =
  /\n\s+at |Channel has been shut down|Resource monitor|UNAVAILABLE|Call cancelled|internal error|grpc/i;

describe('what fails is told in its own words, once, and ends the run in order', () => {
  let project: Project;

  beforeEach(async () => {
    project = await Project.create();
    await project.write(
      'Pulumi.yaml',
      'name: sample\nruntime:\n  name: nodejs\n  options: { typescript: false, nodeargs: --require tsx/cjs }\n' +
        `plugins:\n  providers:\n    - { name: things, path: ${things} }\n`,
    );
  });

  afterEach(() => project.remove());

  test.each([
    ['a resource', `new Thing('broken', { act: 'error' });`, 'the quota is used up'],
    ['the plugin', `new Thing('broken', { act: 'crash' });`, 'provider plugin "things"'],
    ['the program', `throw new pulumi.RunError('the sky is too low');`, 'the sky is too low'],
  ])(
    '%s, in a first up with much under way',
    async (_, failing, message) => {
      await project.program(`${program}
      for (let i = 0; i < 40; i++) new Thing('slow-' + i, { act: 'slow' });
      ${failing}
      for (let i = 0; i < 40; i++) new Thing('late-' + i, {}, { dependsOn: [] });
      pulumi.output(1).apply(() => new Thing('last'));`);
      const { code: exit, stdout, stderr } = await project.engine(['up', '--yes']);
      expect(stdout + stderr).toContain(message);
      expect(stdout + stderr).not.toMatch(internals);
      expect(exit).toBe(1);
    },
    120_000,
  );

  test.each(['up --yes --refresh', 'preview --refresh', 'refresh --yes', 'refresh --preview-only'])(
    '%s ends with what the provider says if something cannot be read, and keeps the state',
    async (command) => {
      await project.program(`${program} new Thing('far', { read: 'error' }); new Thing('near');`);
      await project.changes('up', '--yes');
      const before = (await project.engine(['stack', 'export'])).stdout;
      const { code, stdout, stderr } = await project.engine(command.split(' '));
      expect(stdout + stderr).toContain('the service is down');
      expect(stdout + stderr).not.toMatch(internals);
      expect(code).toBe(1);
      expect((await project.engine(['stack', 'export'])).stdout).toBe(before);
      expect(await project.changes('preview', '--expect-no-changes')).toEqual({ same: 4 });
    },
    120_000,
  );

  test.each<[string, NodeJS.Signals]>([
    ['up --yes --refresh', 'SIGTERM'],
    ['refresh --yes', 'SIGINT'],
  ])(
    '%s ends on a single %s while a provider is silent',
    async (command, signal) => {
      await project.program(`${program} new Thing('far', { read: 'mute' });`);
      await project.changes('up', '--yes');
      const run = project.start([...command.split(' '), '--stack', 'test']);
      const ended = resultOf(run);
      await until(() => Promise.resolve(existsSync(path.join(project.directory, 'asked'))), 'the provider is asked');
      run.kill(signal);
      const { code, stdout, stderr } = await ended;
      expect(stdout + stderr).not.toMatch(internals);
      expect(code).toBe(1);
      expect(await project.changes('preview', '--expect-no-changes')).toEqual({ same: 3 });
    },
    120_000,
  );
});
