import { ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';
import path from 'node:path';
import { UserError } from '../errors';
import { Project } from '../project/project';
import { StackConfig } from '../project/stack-config';

/** What `cmd/run` exits with after telling the user, through the engine's log, what went wrong. */
const EXIT_ERROR_WAS_LOGGED = 32;

export interface ProgramOptions {
  project: Project;
  stack: string;
  config: StackConfig;
  /** Of the engine's gRPC services. */
  address: string;
  preview: boolean;
  parallel: number;
  /** A line that the program printed. */
  print: (line: string) => void;
}

/** How the program ended. */
export type ProgramEnd = { ok: true } | { ok: false; message?: string };

export interface RunningProgram {
  ended: Promise<ProgramEnd>;
  kill(): void;
}

/** Runs the project's program as Pulumi's language host for Node.js does: in a process of its own, told where the engine is. */
export function startProgram(options: ProgramOptions): RunningProgram {
  const { project, stack, config, address, preview, parallel } = options;
  const nodeOptions = project.runtime.options;
  const child = spawn(
    process.execPath,
    [
      ...['--require', path.join(__dirname, 'preload.cjs')],
      ...(nodeOptions.nodeargs?.split(/\s+/) ?? []),
      runnerOf(project),
      ...['--monitor', address, '--engine', address, '--organization', 'organization'],
      ...['--project', project.name, '--stack', stack, '--root-directory', project.directory],
      ...['--pwd', workingDirectory(project), '--parallel', String(parallel)],
      ...(preview ? ['--dry-run'] : []),
      project.main === undefined ? '.' : path.basename(project.main),
    ],
    {
      cwd: workingDirectory(project),
      env: { ...process.env, ...languageEnvironment(project), ...config.environment },
      // A process group of its own: the terminal's Ctrl-C must reach the engine only, which ends the run in order.
      detached: true,
      // The last one tells the program that the engine is there: see preload.cjs.
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    },
  );
  for (const input of [child.stdout, child.stderr]) if (input) createInterface({ input }).on('line', options.print);
  return { ended: endOf(child), kill: () => killGroup(child) };
}

function runnerOf(project: Project): string {
  try {
    return createRequire(path.join(project.directory, 'package.json')).resolve('@pulumi/pulumi/cmd/run');
  } catch {
    throw new UserError(
      `@pulumi/pulumi is not installed in ${project.directory}: run "npm ci --ignore-scripts" first.`,
    );
  }
}

const workingDirectory = ({ directory, main }: Project) =>
  main === undefined ? directory : path.dirname(path.resolve(directory, main));

function languageEnvironment({ runtime: { options } }: Project): NodeJS.ProcessEnv {
  return {
    PULUMI_NODEJS_TYPESCRIPT: String(options.typescript ?? true),
    ...(options.tsconfig !== undefined && { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig }),
  };
}

function endOf(child: ChildProcess): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    child.once('error', (error) =>
      resolve({ ok: false, message: `the program could not be started: ${error.message}` }),
    );
    child.once('close', (code, signal) => {
      if (code === 0) resolve({ ok: true });
      else if (code === EXIT_ERROR_WAS_LOGGED) resolve({ ok: false });
      else resolve({ ok: false, message: `the program ended with ${signal ?? `exit code ${code ?? 'unknown'}`}` });
    });
  });
}

function killGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended in the meantime.
  }
}
