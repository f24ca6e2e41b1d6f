import { RunError } from '@pulumi/pulumi/errors';

/** Runs a command: its number is the exit code, and what its user can mend is told without a stack trace. */
export function runCommand(command: (args: string[]) => number | Promise<number>): void {
  Promise.resolve(process.argv.slice(2))
    .then(command)
    .then(
      (code) => (process.exitCode = code),
      (error: unknown) => {
        const { message, stack = message } = error as Error;
        process.stderr.write(`error: ${RunError.isInstance(error) ? message : stack}\n`);
        process.exitCode = 2;
      },
    );
}
