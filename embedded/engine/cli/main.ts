import { EXIT } from '../exit-codes';
import { reportFailure } from '../../shared/cli/run-main';
import { UserError } from '../../shared/errors';
import { openStack } from '../operations/stack';
import { accelerateStruct } from '../protocol/fast-struct';
import { COMMANDS } from './commands';
import { optionsHelp, parseCommandLine } from './options';

/**
 * Runs a command line of the engine.
 *
 * @returns the exit code; users' errors have been printed
 */
export function main(args: string[]): Promise<number> {
  return run(args).catch(reportFailure);
}

async function run(args: string[]): Promise<number> {
  const { words, options } = parseCommandLine(args);
  const name = words.join(' ');
  const command = COMMANDS[name];
  if (options.help || name === 'help' || name === '') {
    process.stdout.write(help());
    return EXIT.ok;
  }
  if (!command) {
    throw new UserError(
      `"${name}" is not a command; there are ${Object.keys(COMMANDS).join(', ')}`,
      EXIT.configuration,
    );
  }
  if (options.stack === undefined) {
    throw new UserError('which stack? Name it with --stack NAME', EXIT.configuration);
  }
  accelerateStruct(require);
  return command.run(await openStack(options.cwd, options.stack), options);
}

function help(): string {
  const commands = Object.entries(COMMANDS).map(([name, command]) => `  ${name.padEnd(26)} ${command.help}`);
  return `The embedded engine: runs a Pulumi program on a machine without the pulumi CLI.

Usage: node --require tsx/cjs embedded/engine/cli.ts COMMAND --stack NAME [OPTIONS]

Commands:
${commands.join('\n')}

Options:
${optionsHelp()}

Exit codes: ${EXIT.ok} done, ${EXIT.configuration} bad command line or configuration, ${EXIT.resource} a resource failed, ${EXIT.stackNotFound} no such stack, ${EXIT.changesFound} changes where none were
expected, ${EXIT.cancelled} cancelled, ${EXIT.error} anything else.
`;
}
