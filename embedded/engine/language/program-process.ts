import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Writable } from 'node:stream';
import { createInterface } from 'node:readline';
import { UserError } from '../../shared/errors';
import { LEAN } from '../node-options';
import type { Project } from '../project/project';

/** What `cmd/run` exits with after telling the user, through the engine's log, what went wrong. */
const EXIT_ERROR_WAS_LOGGED = 32;

/** How the program ended. */
export type ProgramEnd = { ok: true } | { ok: false; message?: string };

/** What a program waits for before it begins. */
export interface Orders {
  /** Of `cmd/run`. */
  arguments: string[];
  /** All of it. */
  environment: NodeJS.ProcessEnv;
}

/**
 * The process of a project's program. It loads what every program needs, then waits for its orders, and ends with this
 * process: see preload.cjs.
 */
export class ProgramProcess {
  readonly ended: Promise<ProgramEnd>;
  private killed = false;

  private constructor(
    private readonly child: ChildProcess,
    private readonly project: Project,
  ) {
    this.ended = endOf(child);
    // If it has ended already, `ended` tells why.
    this.pipe.on('error', () => undefined);
  }

  /** @throws UserError if the project has no SDK */
  static start(project: Project): ProgramProcess {
    // The project's come last: they win.
    const nodeArguments = [...LEAN, ...(project.runtime.options.nodeargs?.split(/\s+/) ?? [])];
    const preload = path.join(__dirname, 'preload.cjs');
    const child = spawn(process.execPath, [...nodeArguments, '--require', preload, runnerOf(project)], {
      cwd: workingDirectory(project),
      // A process group of its own: the terminal's Ctrl-C must reach the engine only, which ends the run in order.
      detached: true,
      // The last one is the pipe.
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    return new ProgramProcess(child, project);
  }

  isOf({ file }: Project): boolean {
    return file === this.project.file;
  }

  /** @param print gets each line that the program prints, until it is killed */
  run(orders: Orders, print: (line: string) => void): void {
    const { stdout, stderr } = this.child;
    const printUnlessKilled = (line: string) => {
      if (!this.killed) print(line);
    };
    for (const input of [stdout, stderr]) if (input) createInterface({ input }).on('line', printUnlessKilled);
    this.pipe.write(`${JSON.stringify(orders)}\n`);
  }

  kill(): void {
    const { pid, exitCode, signalCode } = this.child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    this.killed = true;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It ended in the meantime.
    }
  }

  private get pipe(): Writable {
    return this.child.stdio[3] as Writable;
  }
}

function runnerOf({ directory }: Project): string {
  try {
    return createRequire(path.join(directory, 'package.json')).resolve('@pulumi/pulumi/cmd/run');
  } catch {
    throw new UserError(`@pulumi/pulumi is not installed in ${directory}: run "npm ci --ignore-scripts" first.`);
  }
}

export const workingDirectory = ({ directory, main }: Project) =>
  main === undefined ? directory : path.dirname(path.resolve(directory, main));

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
