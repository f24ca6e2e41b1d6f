import path from 'node:path';
import { LEAN } from '../../embedded/engine/node-options';
import type { Command } from './measure';

const CLI = path.resolve(__dirname, '../../embedded/engine/cli.ts');
const LOADER = require.resolve('tsx/cjs');

/** A stack of a project, with a state of its own. */
export interface StackProject {
  /** Of the Pulumi.yaml. */
  directory: string;
  stack: string;
  /** Folder of the state; must exist. */
  state: string;
  /** Where the embedded cluster, and network, are. */
  embedded: Record<string, string>;
}

/** A command of the embedded engine. */
export function engineCommand(project: StackProject, ...args: string[]): Command {
  return {
    program: process.execPath,
    args: [...LEAN, '--require', LOADER, CLI, ...args, '--stack', project.stack, '--cwd', project.directory],
    environment: pulumiEnvironment(project),
  };
}

/** What Pulumi, of either kind, has to know of a project beside its files. */
export function pulumiEnvironment({ state, embedded }: StackProject, environment = process.env): NodeJS.ProcessEnv {
  return {
    ...environment,
    ...embedded,
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: 'a benchmark has no secrets',
  };
}

/** The engine's name in reports. */
export const ENGINE = 'embedded engine';
