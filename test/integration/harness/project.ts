import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { type EngineResult, changesOf, forJson, resultOf } from './workspace';

const CHECKOUT = path.resolve(__dirname, '../../..');

/** A small Pulumi project of its own, whose program a test writes and rewrites. */
export class Project {
  private constructor(readonly directory: string) {}

  static async create(): Promise<Project> {
    const project = new Project(await mkdtemp(path.join(tmpdir(), 'aios-project-')));
    await symlink(path.join(CHECKOUT, 'node_modules'), path.join(project.directory, 'node_modules'));
    await project.write('package.json', JSON.stringify({ main: 'index.ts' }));
    await project.write(
      'Pulumi.yaml',
      'name: sample\nruntime:\n  name: nodejs\n  options: { typescript: false, nodeargs: --require tsx/cjs }\n',
    );
    await project.write('Pulumi.test.yaml', 'config:\n  sample:greeting: hello\n');
    return project;
  }

  async program(source: string): Promise<void> {
    await this.write('index.ts', source);
  }

  async write(name: string, content: string): Promise<void> {
    await writeFile(path.join(this.directory, name), content);
  }

  start(args: string[], environment: Record<string, string> = {}): ChildProcessByStdio<null, Readable, Readable> {
    const cli = path.join(CHECKOUT, 'embedded/engine/cli.ts');
    return spawn(process.execPath, ['--require', 'tsx/cjs', cli, '--cwd', this.directory, ...args], {
      cwd: CHECKOUT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        PULUMI_BACKEND_URL: `file://${this.directory}`,
        PULUMI_CONFIG_PASSPHRASE: 'test',
        ...environment,
      },
    });
  }

  engine(args: string[], environment: Record<string, string> = {}): Promise<EngineResult> {
    return resultOf(this.start([...args, '--stack', 'test'], environment));
  }

  /** Numbers of resources by operation; fails with all that was said if the engine did. */
  async changes(...args: string[]): Promise<Record<string, number>> {
    return changesOf(args, await this.engine(forJson(args)));
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}
