import path from 'node:path';
import { type Project, loadProject } from '../project/project';
import type { StackConfig } from '../project/stack-config';
import { type Orders, ProgramProcess, workingDirectory } from './program-process';

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

let ahead: ProgramProcess | undefined;

/**
 * Starts a project's program while the engine itself still has to be loaded, which takes as long. Whatever is wrong with
 * the project is reported when the engine gets to it.
 */
export async function startAhead(directory: string): Promise<void> {
  try {
    ahead = ProgramProcess.start(await loadProject(directory));
  } catch {
    ahead = undefined;
  }
}

/** Ends what was started in vain. */
export function cancelAhead(): void {
  ahead?.kill();
  ahead = undefined;
}

/** Runs the project's program as Pulumi's language host for Node.js does: in a process of its own, told where the engine is. */
export function startProgram(options: ProgramOptions): ProgramProcess {
  const { project, print } = options;
  const started = ahead?.isOf(project) ? ahead : undefined;
  if (!started) cancelAhead();
  ahead = undefined;
  const program = started ?? ProgramProcess.start(project);
  program.run(ordersOf(options), print);
  return program;
}

function ordersOf({ project, stack, config, address, preview, parallel }: ProgramOptions): Orders {
  const { typescript = true, tsconfig } = project.runtime.options;
  return {
    arguments: [
      ...['--monitor', address, '--engine', address, '--organization', 'organization'],
      ...['--project', project.name, '--stack', stack, '--root-directory', project.directory],
      ...['--pwd', workingDirectory(project), '--parallel', String(parallel)],
      ...(preview ? ['--dry-run'] : []),
      project.main === undefined ? '.' : path.basename(project.main),
    ],
    environment: {
      ...process.env,
      PULUMI_NODEJS_TYPESCRIPT: String(typescript),
      ...(tsconfig !== undefined && { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
      ...config.environment,
    },
  };
}
