import { parseArgs } from 'node:util';
import colors from 'picocolors';
import { progressPrinter, type ProgressPrinter } from '../shared/cli/progress';
import { UserError } from '../shared/errors';
import { exitOnSignals } from '../shared/processes/exit-on-signals';
import { buildPrograms } from './build';
import { clusterFolder } from './paths';
import { areBuilt, programsOf, readRecipe } from './programs';
import { startCluster } from './start';
import { clusterStatus } from './status';
import { stopCluster } from './stop';

const help = `Usage: node --require tsx/cjs embedded/cluster/cli.ts COMMAND [options]

A Kubernetes control plane with simulated nodes, on this machine only.

Commands:
  build        build its programs (a start does so too)
  start        start it, or do nothing if it runs; repairs what is damaged
  stop         end all its processes; what is stored in it stays
  status       show its processes; ends with 1 unless it runs completely
  kubeconfig   print the path of its kubeconfig
  path         print the folder of its programs, kubectl among them

Options:
  --directory D   where it lives (default: .aios/cluster of this checkout)
  --wipe          with stop: delete its data, credentials and logs too
  --help          show this text

Environment:
  AIOS_CLUSTER_PORT   port of its API server on 127.0.0.1 (default: a free one, kept)
  XDG_CACHE_HOME      built programs are kept below it (default: ~/.cache)
  NO_COLOR            no colours

Exit codes: 0 success, 1 failure, 2 wrong usage.
`;

interface Options {
  readonly directory?: string;
  readonly wipe: boolean;
}

type Command = (options: Options, progress: ProgressPrinter) => Promise<number>;

const commands: Readonly<Partial<Record<string, Command>>> = {
  build: async (_, progress) => {
    const programs = await buildPrograms(progress.report);
    print(progress, programs.directory);
    return 0;
  },
  start: async ({ directory }, progress) => {
    const cluster = await startCluster({ ...at(directory), onProgress: progress.report });
    print(progress, `${colors.green('The embedded cluster is running')} at ${cluster.server}`);
    print(progress, `  ${cluster.kubectl} --kubeconfig ${cluster.kubeconfig} get nodes`);
    return 0;
  },
  stop: async ({ directory, wipe }, progress) => {
    const count = await stopCluster({ ...at(directory), wipe, onProgress: progress.report });
    const data = wipe ? ' Its data is deleted.' : ' Its data is kept.';
    print(
      progress,
      (count === 0 ? 'The embedded cluster was not running.' : 'The embedded cluster is stopped.') + data,
    );
    return 0;
  },
  status: async ({ directory }, progress) => {
    const { state, components, server, kubeconfig } = await clusterStatus(at(directory));
    const paint = state === 'running' ? colors.green : colors.yellow;
    print(progress, `${paint(state)}${server === undefined ? '' : `  ${server}`}`);
    for (const { name, pid, log } of components) {
      print(progress, `  ${name.padEnd(24)}${(pid === undefined ? '-' : String(pid)).padStart(8)}  ${log}`);
    }
    print(progress, `  kubeconfig: ${kubeconfig}`);
    return state === 'running' ? 0 : 1;
  },
  kubeconfig: async ({ directory }, progress) => {
    print(progress, (await clusterFolder(directory)).kubeconfig);
    return 0;
  },
  path: (_, progress) => {
    const programs = programsOf(readRecipe());
    if (!areBuilt(programs)) throw new UserError('The programs are not built yet: run the command "build".');
    print(progress, programs.directory);
    return Promise.resolve(0);
  },
};

function print(progress: ProgressPrinter, text: string): void {
  progress.end();
  process.stdout.write(`${text}\n`);
}

/** An absent option is left out: `undefined` is not a directory. */
function at(directory: string | undefined): { directory?: string } {
  return directory === undefined ? {} : { directory };
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      directory: { type: 'string' },
      wipe: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
}

/** @returns the exit code */
async function main(args: readonly string[]): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    const [problem] = (error instanceof Error ? error.message : String(error)).split(/\.(?: |$)/);
    return refuse(`${problem ?? ''}.`);
  }
  const { values, positionals } = parsed;
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const [name, ...rest] = positionals;
  const command = name === undefined || !Object.hasOwn(commands, name) ? undefined : commands[name];
  if (!command) return refuse(name === undefined ? 'No command is given.' : `There is no command "${name}".`);
  if (rest.length > 0) return refuse(`"${name ?? ''}" takes no argument, but got "${rest.join(' ')}".`);
  if (values.wipe && name !== 'stop') return refuse('--wipe belongs to "stop".');
  return run(command, { ...at(values.directory), wipe: values.wipe });
}

async function run(command: Command, options: Options): Promise<number> {
  const progress = progressPrinter(process.stderr);
  try {
    return await command(options, progress);
  } catch (error) {
    progress.end();
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`${colors.red('error:')} ${error.message}\n`);
    return 1;
  }
}

function refuse(problem: string): number {
  process.stderr.write(`${problem} See --help.\n`);
  return 2;
}

// `… status | head -1` is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

exitOnSignals();

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
