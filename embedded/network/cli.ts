import { parseArgs } from 'node:util';
import { UserError } from '../shared/errors';
import { parseBehaviour, type Behaviour } from './behaviour';
import { detachedStatus, startDetached, stopDetached } from './detached/lifecycle';
import { serve } from './detached/serve';
import type { GatewayDeployment } from './deployment/cluster-api';
import { SERVICES } from './world';

const help = `Usage: node --require tsx/cjs embedded/network/cli.ts COMMAND [options]

The gateway, the clusters registry and the policies system of upstream, simulated, on this machine only.

Commands:
  start     start them in the background, or do nothing if they run as wanted
  stop      end them; what is stored stays
  status    show addresses and process; ends with 1 unless they answer
  serve     serve in this process, from the folder that it is started in

Options:
  --directory D     where it lives (default: .aios/network of this checkout)
  --kubeconfig F    with --context: the pods of the gateway's Deployment there are the gateway's processes
  --context C
  --behaviour B     "observed" (default), "documented", or JSON that names bugs: {"mapReplaced": false}
  --wipe            with stop: delete what is stored too
  --help            show this text

Exit codes: 0 success, 1 failure, 2 wrong usage.
`;

interface Options {
  readonly directory: string | undefined;
  readonly behaviour: Behaviour;
  readonly deployment: GatewayDeployment | undefined;
  readonly wipe: boolean;
}

const commands: Readonly<Partial<Record<string, (options: Options) => Promise<number>>>> = {
  start: async ({ directory, behaviour, deployment }) => {
    const addresses = await startDetached({
      behaviour,
      ...(directory && { directory }),
      ...(deployment && { deployment }),
    });
    for (const service of SERVICES) print(`${service.padEnd(18)}${addresses[service]}`);
    return 0;
  },
  stop: async ({ directory, wipe }) => {
    const wasRunning = await stopDetached(directory, wipe);
    print(wasRunning ? 'The embedded network is stopped.' : 'The embedded network was not running.');
    return 0;
  },
  status: async ({ directory }) => {
    const { isRunning, pid, addresses, log } = await detachedStatus(directory);
    print(isRunning ? `running  process ${pid ?? '?'}` : 'stopped');
    for (const service of addresses ? SERVICES : []) print(`  ${service.padEnd(18)}${addresses?.[service] ?? ''}`);
    print(`  log: ${log}`);
    return isRunning ? 0 : 1;
  },
  serve: async ({ behaviour, deployment }) => {
    await serve({ directory: process.cwd(), behaviour, ...(deployment && { deployment }) });
    return 0;
  },
};

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help) {
    print(help.trimEnd());
    return 0;
  }
  const [name = '', ...rest] = positionals;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new UsageError(name === '' ? 'No command is given.' : `There is no command "${name}".`);
  if (rest.length > 0) throw new UsageError(`"${name}" takes no argument, but got "${rest.join(' ')}".`);
  return command({
    directory: values.directory,
    behaviour: parseBehaviour(values.behaviour),
    deployment: parseDeployment(values.kubeconfig, values.context),
    wipe: values.wipe,
  });
}

class UsageError extends Error {}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        directory: { type: 'string' },
        kubeconfig: { type: 'string' },
        context: { type: 'string' },
        behaviour: { type: 'string', default: 'observed' },
        // Makes the command lines of different code different.
        code: { type: 'string' },
        wipe: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function parseDeployment(kubeconfig?: string, context?: string): GatewayDeployment | undefined {
  if (kubeconfig === undefined && context === undefined) return undefined;
  if (kubeconfig !== undefined && context !== undefined) return { kubeconfig, context };
  throw new UsageError('--kubeconfig and --context go together.');
}

void main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const isExpected = error instanceof UserError || error instanceof UsageError;
    process.stderr.write(`error: ${isExpected ? error.message : String((error as Error).stack)}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
