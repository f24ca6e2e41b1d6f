import { runMain } from '../shared/cli/run-main';
import { parseCommandLine } from './cli/options';
import { cancelAhead, runEngine, startAhead } from './index';

const PROGRAM_COMMANDS: readonly string[] = ['preview', 'up'];

async function run(args: string[]): Promise<number> {
  const directory = projectToRun(args);
  if (directory !== undefined) await startAhead(directory);
  return runEngine(args).finally(cancelAhead);
}

/** Where the project is whose program the command line wants to run, if it wants that. */
function projectToRun(args: string[]): string | undefined {
  try {
    const { words, options } = parseCommandLine(args);
    return PROGRAM_COMMANDS.includes(words[0] ?? '') && !options.help ? options.cwd : undefined;
  } catch {
    // What is wrong with the command line is reported by main.
    return undefined;
  }
}

void runMain(run);
