import path from 'node:path';
import type { Project } from '../project/project';
import type { StackConfig } from '../project/stack-config';
import { startedAhead } from './ahead';
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

/** Runs the project's program as Pulumi's language host for Node.js does: in a process of its own, told where the engine is. */
export function startProgram(options: ProgramOptions): ProgramProcess {
  const { project, print } = options;
  const program = startedAhead(project) ?? ProgramProcess.start(project);
  program.run(ordersOf(options), print);
  return program;
}

function ordersOf({ project, stack, config, address, preview, parallel }: ProgramOptions): Orders {
  return {
    arguments: [
      ...['--monitor', address, '--engine', address, '--organization', 'organization'],
      ...['--project', project.name, '--stack', stack, '--root-directory', project.directory],
      ...['--pwd', workingDirectory(project), '--parallel', String(parallel)],
      ...(preview ? ['--dry-run'] : []),
      project.main === undefined ? '.' : path.basename(project.main),
    ],
    environment: { ...process.env, ...languageEnvironment(project), ...config.environment },
  };
}

function languageEnvironment({ runtime: { options } }: Project): NodeJS.ProcessEnv {
  return {
    PULUMI_NODEJS_TYPESCRIPT: String(options.typescript ?? true),
    ...(options.tsconfig !== undefined && { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig }),
  };
}
