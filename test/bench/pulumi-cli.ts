import type { RealPulumi } from '../../embedded/pulumi';
import type { Command } from './measure';
import { pulumiEnvironment, type StackProject } from './engine';

/** A stack of a project, and the CLI that works on it. */
export interface CliProject extends StackProject {
  pulumi: RealPulumi;
}

/** A command of the pulumi CLI. */
export function pulumiCommand({ pulumi: { bin, env }, ...project }: CliProject, ...args: string[]): Command {
  return {
    program: bin,
    args: [...args, '--stack', project.stack, '--cwd', project.directory, '--non-interactive'],
    environment: { ...pulumiEnvironment(project, env), PULUMI_SKIP_UPDATE_CHECK: 'true' },
  };
}

/** Makes the stack, which `--no-select` keeps from becoming the user's current one. */
export const createStack = (project: CliProject) => pulumiCommand(project, 'stack', 'init', '--no-select');

/** Forgets the stack and whatever its state says, but not its file. */
export const forgetStack = (project: CliProject) =>
  pulumiCommand(project, 'stack', 'rm', '--force', '--preserve-config', '--yes');

/** The CLI's name in reports. */
export const PULUMI = 'pulumi CLI';
