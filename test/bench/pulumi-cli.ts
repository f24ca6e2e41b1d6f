import type { Command } from './measure';
import { pulumiEnvironment, type StackProject } from './engine';

/** A command of the pulumi CLI on the PATH. */
export function pulumiCommand(project: StackProject, ...args: string[]): Command {
  return {
    program: 'pulumi',
    args: [...args, '--stack', project.stack, '--cwd', project.directory, '--non-interactive'],
    environment: { ...pulumiEnvironment(project), PULUMI_SKIP_UPDATE_CHECK: 'true' },
  };
}

/** Makes the stack, which `--no-select` keeps from becoming the user's current one. */
export const createStack = (project: StackProject) => pulumiCommand(project, 'stack', 'init', '--no-select');

/** Forgets the stack and whatever its state says, but not its file. */
export const forgetStack = (project: StackProject) =>
  pulumiCommand(project, 'stack', 'rm', '--force', '--preserve-config', '--yes');

/** The CLI's name in reports. */
export const PULUMI = 'pulumi CLI';
