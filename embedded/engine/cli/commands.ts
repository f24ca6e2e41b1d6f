import { EXIT } from '../exit-codes';
import { destroy } from '../operations/destroy';
import { refresh } from '../operations/refresh';
import type { Stack } from '../operations/stack';
import { update } from '../operations/update';
import { operate, previewThenApply } from './operate';
import type { CliOptions } from './options';
import { exportState, importState, printOutputs, removeStack } from './stack-commands';

export interface Command {
  help: string;
  /** How many arguments it takes at most; default: none. */
  takes?: number;
  /** Whether policy packs can judge what the program wants: it is run. */
  runsProgram?: true;
  /** @returns the exit code */
  run(stack: Stack, options: CliOptions, args: readonly string[]): Promise<number>;
}

export const COMMANDS: Record<string, Command> = {
  preview: {
    help: 'show what an update would change',
    runsProgram: true,
    run: (stack, options) => operate(update, stack, options, true),
  },
  up: {
    help: 'make the world what the program says',
    runsProgram: true,
    run: (stack, options) => previewThenApply(update, stack, options, 'perform this update'),
  },
  refresh: {
    help: 'bring the state in line with the world',
    run: (stack, options) => previewThenApply(refresh, stack, options, 'record this in the state'),
  },
  destroy: {
    help: 'delete everything that the stack made',
    run: (stack, options) => previewThenApply(destroy, stack, options, 'delete these resources'),
  },
  cancel: {
    help: 'remove the lock that a run left behind (--force: also the lock of one that is alive)',
    run: async (stack, { force }) => {
      const owners = await stack.unlock({ force });
      process.stdout.write(owners.length > 0 ? `Removed: ${owners.join('; ')}\n` : 'The stack was not locked.\n');
      return EXIT.ok;
    },
  },
  'stack output': { help: "print the stack's outputs, or the one that is named", takes: 1, run: printOutputs },
  'stack export': { help: 'print the state as the pulumi CLI imports it', run: exportState },
  'stack rm': { help: "forget a stack: its state and history, not the stack's file", run: removeStack },
  'stack import': { help: 'replace the state by an exported one', run: importState },
};
