import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { parse, stringify } from 'yaml';

const CHECKOUT = path.resolve(__dirname, '../../..');

/** A stack's configuration by section: `config.registry.replicas`. */
export type Sections = Record<string, Record<string, unknown>>;

export interface EngineResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** A project of its own that runs this checkout's program: with a stack file to change and a state to lose. */
export class Workspace {
  private constructor(
    readonly directory: string,
    private readonly surroundings: Record<string, string>,
    private readonly stack = 'dev',
  ) {}

  /**
   * @param environment where the embedded cluster and network are
   * @param folder where it is to be, or already is. Default: a new one
   */
  static async create(environment: Record<string, string>, folder?: string): Promise<Workspace> {
    if (folder !== undefined && existsSync(path.join(folder, 'state'))) return new Workspace(folder, environment);
    const directory = folder ?? (await mkdtemp(path.join(tmpdir(), 'aios-workspace-')));
    await mkdir(directory, { recursive: true });
    for (const name of ['infra', 'policies', 'node_modules', 'package.json', 'tsconfig.json']) {
      await symlink(path.join(CHECKOUT, name), path.join(directory, name));
    }
    await cp(path.join(CHECKOUT, 'Pulumi.yaml'), path.join(directory, 'Pulumi.yaml'));
    await mkdir(path.join(directory, 'stacks'));
    await mkdir(path.join(directory, 'state'));
    const workspace = new Workspace(directory, environment);
    await workspace.configure(() => undefined);
    return workspace;
  }

  /** The same project with its state, for another of its stacks, whose file is to be written yet. */
  forStack(stack: string): Workspace {
    return new Workspace(this.directory, this.surroundings, stack);
  }

  /** What Pulumi has to know beside the files here. */
  get environment(): Record<string, string> {
    return {
      ...this.surroundings,
      PULUMI_BACKEND_URL: `file://${path.join(this.directory, 'state')}`,
      PULUMI_CONFIG_PASSPHRASE: 'correct horse battery staple',
    };
  }

  /** The stack's own file. */
  get stackFile(): string {
    return path.join(this.directory, `stacks/Pulumi.${this.stack}.yaml`);
  }

  /** Makes stack dev what the repository's is, but for a change; what an engine has added beside the configuration stays. */
  async configure(change: (sections: Sections) => void): Promise<void> {
    const { config } = parse(await readFile(path.join(CHECKOUT, 'stacks/Pulumi.dev.yaml'), 'utf8')) as {
      config: Sections;
    };
    const prefix = 'aios-network:';
    const sections = Object.fromEntries(
      Object.entries(config).map(([key, value]) => [key.slice(prefix.length), value]),
    );
    change(sections);
    const full = Object.fromEntries(Object.entries(sections).map(([key, value]) => [prefix + key, value]));
    const written = await readFile(this.stackFile, 'utf8').catch(() => '{}');
    await writeFile(this.stackFile, stringify({ ...(parse(written) as object), config: full }));
  }

  /** Runs a command of the engine to its end. */
  engine(...args: string[]): Promise<EngineResult> {
    return resultOf(this.start(...args));
  }

  /** Runs `make verify` to its end. */
  verify(...args: string[]): Promise<EngineResult> {
    return resultOf(this.run(this.directory, 'operations/verify/cli.ts', this.stack, ...args));
  }

  /** Runs `make adopt` or `make doctor` to its end. */
  operation(name: 'adopt' | 'doctor', ...args: string[]): Promise<EngineResult> {
    return resultOf(this.run(this.directory, `operations/${name}/cli.ts`, 'dev', ...args));
  }

  /** What an operation did, by kind; fails with all that was said if the operation did. */
  async changes(...args: string[]): Promise<Record<string, number>> {
    return changesOf(args, await this.engine(...forJson(args)));
  }

  /** Starts a command of the engine. */
  start(...args: string[]): ChildProcessByStdio<null, Readable, Readable> {
    return this.run(CHECKOUT, 'embedded/engine/cli.ts', ...args, '--stack', this.stack, '--cwd', this.directory);
  }

  private run(cwd: string, cli: string, ...args: string[]): ChildProcessByStdio<null, Readable, Readable> {
    return spawn(process.execPath, ['--require', 'tsx/cjs', path.join(CHECKOUT, cli), ...args], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...this.environment },
    });
  }

  /** The stack's state file, as it is now; undefined before the first write. */
  async state(): Promise<string | undefined> {
    const file = path.join(this.directory, 'state/.pulumi/stacks/aios-network', `${this.stack}.json`);
    return readFile(file, 'utf8').catch(() => undefined);
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** What a process says, and how it ends. */
export async function resultOf(child: ChildProcessByStdio<null, Readable, Readable>): Promise<EngineResult> {
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended(child)]);
  return { code, stdout, stderr };
}

/** An operation's arguments, its JSON asked for: of what is applied the events alone, without a preview before them. */
export const forJson = (args: string[]) => [...args, '--json', ...(args.includes('--yes') ? ['--skip-preview'] : [])];

/** The numbers in an operation's JSON. @throws Error with the diagnostics if the operation failed */
export function changesOf(args: string[], { code, stdout, stderr }: EngineResult): Record<string, number> {
  const { changeSummary, diagnostics = [] } = digestOf(stdout);
  // Whatever Node warns of is no text for users.
  if (code === 0 && changeSummary && !stderr.includes('Warning')) return changeSummary;
  const said = diagnostics.map(({ urn = '', message }) => `${urn}: ${message}`);
  throw new Error(`engine ${args.join(' ')} ended with ${code}\n${said.join('\n')}\n${stderr}`);
}

interface Digest {
  changeSummary?: Record<string, number>;
  diagnostics?: { urn?: string; message: string; ephemeral?: true }[];
}

interface EngineEvent {
  summaryEvent?: { resourceChanges: Record<string, number> };
  diagnosticEvent?: NonNullable<Digest['diagnostics']>[number];
}

/** Of a preview its document; of all else what its events, a line each, add up to. */
function digestOf(stdout: string): Digest {
  if (!stdout.startsWith('{"sequence"')) return JSON.parse(stdout || '{}') as Digest;
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as EngineEvent);
  const summary = events.find(({ summaryEvent }) => summaryEvent)?.summaryEvent;
  const diagnostics = events
    .flatMap(({ diagnosticEvent }) => diagnosticEvent ?? [])
    .filter((event) => !event.ephemeral);
  return { ...(summary && { changeSummary: summary.resourceChanges }), diagnostics };
}

export function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? -1)));
}

/** Waits until a condition holds, asking for it again and again. */
export async function until(condition: () => Promise<boolean>, what: string, seconds = 60): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited ${seconds} s in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
