import { readdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { RunError } from '@pulumi/pulumi/errors';

/** Something that whoever runs the command can mend; told without a stack trace. */
export class UserError extends Error {}

type OptionsConfig = NonNullable<ParseArgsConfig['options']>;

/** What a command ends with that could not do its work. */
const FAILED = 2;

/**
 * Runs a command: what `main` returns is the exit code; `--help` prints the usage.
 *
 * @param options as `parseArgs` of node:util takes them
 */
export function runCommand<const Options extends OptionsConfig>(
  usage: string,
  options: Options,
  main: (given: ReturnType<typeof parsed<Options>>) => number | Promise<number>,
): void {
  const run = async () => {
    const args = process.argv.slice(2);
    if (args.includes('--help') || args.includes('-h')) {
      process.stdout.write(usage);
      return 0;
    }
    return main(parsed(args, options));
  };
  // Not before the module that calls is loaded as a whole.
  void Promise.resolve()
    .then(run)
    .then(
      (code) => (process.exitCode = code),
      (error: unknown) => {
        const isKnown = error instanceof UserError || RunError.isInstance(error);
        const text = isKnown ? error.message : `internal error, please report it: ${stackOf(error)}`;
        process.stderr.write(`error: ${text}\n`);
        process.exitCode = FAILED;
      },
    );
}

function parsed<const Options extends OptionsConfig>(args: string[], options: Options) {
  try {
    return parseArgs({ args, allowPositionals: true, options });
  } catch (error) {
    const [wrong = 'an option'] = /'[^']+'/.exec(error instanceof Error ? error.message : '') ?? [];
    const code = (error as { code?: string }).code;
    const reason = code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? 'there is no such option' : 'it takes one value';
    throw new UserError(`${wrong}: ${reason} (see --help)`);
  }
}

/** The stack that a command is given. @throws UserError if there is no such stack in the project's folder */
export function oneStack(positionals: readonly string[], project: string): string {
  const [stack, ...rest] = positionals;
  if (stack === undefined || rest.length > 0) throw new UserError('name one stack (see --help)');
  const known = stacksIn(project);
  if (!known.includes(stack)) throw new UserError(`there is no stack ${stack}: stacks/ has ${known.join(', ')}`);
  return stack;
}

/** Names of the stacks that have a file. */
function stacksIn(project: string): string[] {
  const files = readdirSync(path.join(project, 'stacks'));
  return files.flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
