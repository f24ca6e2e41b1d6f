import type { Behaviour } from '../behaviour';
import type { GatewayDeployment } from '../deployment/cluster-api';
import { watchGateway } from '../deployment/watch-gateway';
import { findIsolation } from '../rules/isolation';
import { SERVICES, type ServiceName } from '../services';
import { World } from '../world';
import { networkFolder } from './folder';
import { choosePorts, writeEndpoint } from './endpoint';

export interface ServeArguments {
  readonly directory: string;
  readonly behaviour: Behaviour;
  /** Whose pods are the gateway's processes. Absent: one process in an empty environment. */
  readonly deployment?: GatewayDeployment;
  /** Services that are not there. */
  readonly absent: readonly ServiceName[];
}

/** Serves a network until the process is told to end. */
export async function serve({ directory, behaviour, deployment, absent }: ServeArguments): Promise<void> {
  const folder = networkFolder(directory);
  const world = await World.start({
    directory: folder.state,
    behaviour,
    absent,
    timeScale: 1,
    keepsRequests: false,
    ports: await choosePorts(folder),
    // Bodies stay out of the log: they may hold secrets.
    onRequest: (service, { method, path, query, status }) => {
      log(`${service} ${method} ${path}${query === '' ? '' : `?${query}`} ${status === 0 ? 'no answer' : status}`);
    },
  });
  const { gateway } = world;
  const onProcesses = gateway.setProcesses.bind(gateway);
  if (!deployment) onProcesses([{ id: 'only', environment: {} }]);
  const stopWatching = deployment && (await watchGateway(deployment, { onProcesses, log }));
  const end = async () => {
    stopWatching?.();
    await world.close();
    process.exit(0);
  };
  process.once('SIGTERM', () => void end());
  process.once('SIGINT', () => void end());
  const { warning } = await isolation();
  if (warning !== undefined) log(`warning: ${warning}`);
  await writeEndpoint(folder, { pid: process.pid, access: world.access, ...(warning !== undefined && { warning }) });
  for (const name of SERVICES) log(`${name} serves at ${world.access[name]}`);
}

/** Without a Python everything works but rules. */
async function isolation(): Promise<{ warning?: string }> {
  try {
    return await findIsolation();
  } catch (error) {
    return { warning: (error as Error).message };
  }
}

function log(text: string): void {
  process.stdout.write(`${new Date().toISOString()} ${text}\n`);
}
