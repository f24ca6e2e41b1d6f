import { createRequire } from 'node:module';
import { parseCommandLine } from './cli/options';
import { cancelAhead, startAhead } from './language/ahead';

const PROGRAM_COMMANDS: readonly string[] = ['preview', 'up'];

async function run(args: string[]): Promise<void> {
  const directory = projectToRun(args);
  if (directory !== undefined) await startAhead(directory);
  // Not before: to load the engine takes as long as to start the program.
  const { main } = createRequire(__filename)('./cli/main') as typeof import('./cli/main');
  process.exitCode = await main(args);
  cancelAhead();
}

/** Where the project is whose program the command line wants to run, if it wants that. */
function projectToRun(args: string[]): string | undefined {
  try {
    const { words, options } = parseCommandLine(args);
    return PROGRAM_COMMANDS.includes(words.join(' ')) && !options.help ? options.cwd : undefined;
  } catch {
    // What is wrong with the command line is reported by main.
    return undefined;
  }
}

void run(process.argv.slice(2));
