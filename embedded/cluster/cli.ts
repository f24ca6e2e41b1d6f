import { colorsFor } from '../shared/cli/colors';
import { columns } from '../shared/cli/columns';
import { Commands } from '../shared/cli/commands';
import { progressPrinter } from '../shared/cli/progress';
import { runMain } from '../shared/cli/run-main';
import { UserError } from '../shared/errors';
import { isBuilt } from '../shared/go/recipe';
import { exitOnSignals } from '../shared/processes/exit-on-signals';
import { buildPrograms } from './build';
import { clusterFolder } from './paths';
import { readRecipe } from './programs';
import { startCluster } from './start';
import { clusterStatus } from './status';
import { stopCluster } from './stop';

interface Place {
  readonly directory?: string;
}

const place = { '--directory <folder>': 'where it lives (default: .aios/cluster of this checkout)' };

const progress = progressPrinter(process.stderr);
const { green, yellow } = colorsFor(process.stdout);

const commands = new Commands(
  'embedded/cluster/cli.ts',
  'A Kubernetes control plane with simulated nodes, on this machine only.',
)
  .add('build', 'build its programs (a start does so too)', {}, async () => {
    const programs = await buildPrograms(progress.report);
    return print(programs.directory);
  })
  .add('start', 'start it, or do nothing if it runs; repairs what is damaged', place, async (at: Place) => {
    const cluster = await startCluster({ ...at, onProgress: progress.report });
    return print(
      `${green('The embedded cluster is running')} at ${cluster.server}`,
      `  ${cluster.kubectl} --kubeconfig ${cluster.kubeconfig} get nodes`,
    );
  })
  .add(
    'stop',
    'end all its processes; what is stored in it stays',
    { ...place, '--wipe': 'delete its data, credentials and logs too' },
    async (options: Place & { readonly wipe?: boolean }) => {
      const count = await stopCluster({ ...options, onProgress: progress.report });
      const outcome = count === 0 ? 'The embedded cluster was not running.' : 'The embedded cluster is stopped.';
      return print(`${outcome} Its data is ${options.wipe ? 'deleted' : 'kept'}.`);
    },
  )
  .add('status', 'show its processes; ends with 1 unless it runs completely', place, async (at: Place) => {
    const { state, components, server, kubeconfig } = await clusterStatus(at);
    const paint = state === 'running' ? green : yellow;
    const rows = components.map(({ name, pid, log }) => [name, pid === undefined ? '-' : String(pid), log]);
    print(
      `${paint(state)}${server === undefined ? '' : `  ${server}`}`,
      ...columns(rows).map((line) => `  ${line}`),
      `  kubeconfig: ${kubeconfig}`,
    );
    return state === 'running' ? 0 : 1;
  })
  .add('kubeconfig', 'print the path of its kubeconfig', place, async ({ directory }: Place) =>
    print((await clusterFolder(directory)).kubeconfig),
  )
  .add('path', 'print the folder of its programs, kubectl among them', {}, () => {
    const recipe = readRecipe();
    if (!isBuilt(recipe)) throw new UserError('The programs are not built yet: run the command "build".');
    return Promise.resolve(print(recipe.directory));
  }).explain(`Environment:
  AIOS_CLUSTER_PORT   port of its API server on 127.0.0.1 (default: a free one, kept)
  XDG_CACHE_HOME      built programs are kept below it (default: ~/.cache)
  NO_COLOR            no colours

Exit codes: 0 success, 1 failure, 2 wrong usage`);

/** @returns 0, the exit code of success */
function print(...lines: readonly string[]): number {
  progress.end();
  process.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

exitOnSignals();
void runMain((args) => commands.run(args).finally(progress.end));
