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
  const { name, args: rest } = split(words);
  const command = COMMANDS[name];
  if (options.help || name === 'help' || name === '') {
    process.stdout.write(help());
    return EXIT.ok;
  }
  if (!command) {
    throw new UserError(`"${name}" is not a command; there are ${Object.keys(COMMANDS).join(', ')}`);
  }
  const { takes = 0 } = command;
  if (rest.length > takes)
    throw new UserError(`${name} takes ${takes} arguments, not ${rest.length}: ${rest.join(' ')}`);
  if (options.policyPacks.length > 0 && !command.runsProgram) {
    throw new UserError(`${name}: --policy-pack is for preview and up`);
  }
  if (options.stack === undefined) {
    throw new UserError('which stack? Name it with --stack NAME');
  }
  accelerateStruct(require);
  return command.run(await openStack(options.cwd, options.stack), options, rest);
}

/** A command's name is one word, or two. */
function split(words: string[]): { name: string; args: string[] } {
  const count = words[0] === 'stack' ? 2 : 1;
  return { name: words.slice(0, count).join(' '), args: words.slice(count) };
}

function help(): string {
  const commands = Object.entries(COMMANDS).map(([name, command]) => `  ${name.padEnd(26)} ${command.help}`);
  return `The embedded engine: runs a Pulumi program on a machine without the pulumi CLI.

Usage: node --require tsx/cjs embedded/engine/cli.ts COMMAND --stack NAME [OPTIONS]

Commands:
${commands.join('\n')}

Options:
${optionsHelp()}

Exit codes: ${EXIT.ok} done, ${EXIT.unconfirmed} nobody could be asked, ${EXIT.stackNotFound} no such stack, ${EXIT.changesFound} changes where none were expected, ${EXIT.error} anything else.
`;
}
