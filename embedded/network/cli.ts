import { columns } from '../shared/cli/columns';
import { Commands } from '../shared/cli/commands';
import { UsageError, runMain } from '../shared/cli/run-main';
import { parseBehaviour } from './behaviour';
import type { GatewayDeployment } from './deployment/cluster-api';
import { detachedStatus, startDetached, stopDetached } from './detached/lifecycle';
import { serve } from './detached/serve';
import { SERVICES, type Addresses, type ServiceName } from './services';

interface Place {
  readonly directory?: string;
}

interface World {
  readonly behaviour?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly absent?: readonly string[];
}

const place = { '--directory <folder>': 'where it lives (default: .aios/network of this checkout)' };

const world = {
  '--behaviour <which>': '"observed" (default), "documented", or JSON that names bugs: {"mapReplaced": false}',
  '--kubeconfig <file>': "with --context: the pods of the gateway's Deployment there are the gateway's processes",
  '--context <name>': 'see --kubeconfig',
  '--absent <service...>': 'services that are not there: connections to them are refused',
};

const commands = new Commands(
  'embedded/network/cli.ts',
  'The gateway, the clusters registry and the policies system of upstream, simulated, on this machine only.',
)
  .add(
    'start',
    'start them in the background, or do nothing if they run as wanted',
    { ...place, ...world },
    async ({ directory, ...wanted }: Place & World) => {
      const { access, warning } = await startDetached({ ...(directory && { directory }), ...worldOf(wanted) });
      return print(...listed(access), ...(warning === undefined ? [] : [`warning: ${warning}`]));
    },
  )
  .add(
    'stop',
    'end them; what is stored stays',
    { ...place, '--wipe': 'delete what is stored too' },
    async ({ directory, wipe }: Place & { readonly wipe?: boolean }) => {
      const wasRunning = await stopDetached(directory, wipe);
      return print(wasRunning ? 'The embedded network is stopped.' : 'The embedded network was not running.');
    },
  )
  .add('status', 'show addresses and process; ends with 1 unless they answer', place, async ({ directory }: Place) => {
    const { isRunning, pid, access, log } = await detachedStatus({ directory });
    print(isRunning ? `running  process ${pid ?? '?'}` : 'stopped', ...(access ? listed(access) : []));
    print(`  log: ${log}`);
    return isRunning ? 0 : 1;
  })
  .add(
    'serve',
    'serve in this process, from the folder that it is started in',
    { ...world, '--code <fingerprint>': 'makes the command lines of different code different' },
    async (wanted: World) => {
      await serve({ directory: process.cwd(), ...worldOf(wanted) });
      return 0;
    },
  )
  .explain('Exit codes: 0 success, 1 failure, 2 wrong usage');

function worldOf({ behaviour = 'observed', kubeconfig, context, absent = [] }: World) {
  const deployment = deploymentOf(kubeconfig, context);
  return {
    behaviour: parseBehaviour(behaviour),
    absent: absent.map(serviceOf),
    ...(deployment && { deployment }),
  };
}

function serviceOf(name: string): ServiceName {
  const service = SERVICES.find((known) => known === name);
  if (service) return service;
  throw new UsageError(`--absent: there is no service "${name}", but ${SERVICES.join(', ')}`);
}

function deploymentOf(kubeconfig?: string, context?: string): GatewayDeployment | undefined {
  if (kubeconfig === undefined && context === undefined) return undefined;
  if (kubeconfig !== undefined && context !== undefined) return { kubeconfig, context };
  throw new UsageError('--kubeconfig and --context go together');
}

function listed(addresses: Addresses): string[] {
  return columns(SERVICES.map((service) => [service, addresses[service]])).map((line) => `  ${line}`);
}

/** @returns 0, the exit code of success */
function print(...lines: readonly string[]): number {
  process.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

void runMain((args) => commands.run(args));
