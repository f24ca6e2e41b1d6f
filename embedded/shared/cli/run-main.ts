import { ClusterAccessError } from '../../../kubernetes-api/errors';
import { UserError, codeOf } from '../errors';
import { colorsFor } from './colors';

/** What a process ends with after a command line that cannot be meant. */
export const USAGE_EXIT = 2;

/** What a process ends with after a fault of its own. */
const INTERNAL_EXIT = 255;

/** A command line that cannot be meant. */
export class UsageError extends UserError {
  constructor(message: string) {
    super(`${message} (see --help)`, USAGE_EXIT);
  }
}

/**
 * Runs a command: what it returns is the exit code. What users can mend is told without a stack trace.
 * @param main is given the command line without Node and script
 */
export function runMain(main: (args: string[]) => Promise<number>): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      // `… status | head -1` is no error, and a terminal that was closed ends nothing half way.
      if (!['EPIPE', 'EIO'].includes(codeOf(error) ?? '')) throw error;
    });
  }
  return main(process.argv.slice(2))
    .catch(reportFailure)
    .then((code) => {
      process.exitCode = code;
    });
}

/** Tells of what ended a command. @returns the exit code */
export function reportFailure(error: unknown): number {
  const { red } = colorsFor(process.stderr);
  if (error instanceof UserError || error instanceof ClusterAccessError) {
    process.stderr.write(`${red('error:')} ${error.message}\n`);
    return error instanceof UserError ? error.exitCode : 1;
  }
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${red('internal error, please report it:')} ${details}\n`);
  return INTERNAL_EXIT;
}
