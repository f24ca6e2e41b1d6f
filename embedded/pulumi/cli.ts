import { Commands } from '../shared/cli/commands';
import { progressPrinter } from '../shared/cli/progress';
import { runMain } from '../shared/cli/run-main';
import { build } from '../shared/go/build';
import { exitOnSignals } from '../shared/processes/exit-on-signals';
import { builtPulumi } from './real-pulumi';
import { readRecipe } from './recipe';

const progress = progressPrinter(process.stderr);

const commands = new Commands('embedded/pulumi/cli.ts', 'The real pulumi CLI, built from source.').add(
  'build',
  'build it with its Node.js language host and the official Kubernetes provider',
  {},
  async () => {
    const recipe = readRecipe();
    await build(recipe, progress.report);
    return print(
      `pulumi ${builtPulumi()?.version ?? ''} is built: ${recipe.directory}`,
      '  AIOS_ENGINE=cli make preview   # it is used wherever AIOS_ENGINE=cli asks for the CLI and the PATH has none',
      'Of the random provider, whose source is on no registry, a stand-in of ours takes the place: it makes RandomPassword ' +
        'only, and gives way to an official one on the PATH or in PULUMI_HOME.',
    );
  },
).explain(`Environment:
  XDG_CACHE_HOME   built programs are kept below it (default: ~/.cache)

Exit codes: 0 success, 1 failure, 2 wrong usage`);

/** @returns 0, the exit code of success */
function print(...lines: readonly string[]): number {
  progress.end();
  process.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

exitOnSignals();
void runMain((args) => commands.run(args).finally(progress.end));
