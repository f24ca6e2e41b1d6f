import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { launchDetached, type Launched } from '../../shared/processes/launch-detached';
import { findProcesses, type RunningProcess } from '../../shared/processes/process-table';
import type { Behaviour } from '../behaviour';
import type { GatewayDeployment } from '../deployment/cluster-api';
import type { ServiceName } from '../services';
import { codeFingerprint, type NetworkFolder } from './folder';

const cli = path.resolve(__dirname, '..', 'cli.ts');

/** What a detached network is to be. */
export interface ServeOptions {
  readonly behaviour?: Behaviour;
  readonly deployment?: GatewayDeployment;
  /** Services that are not there: connections to them are refused. */
  readonly absent?: readonly ServiceName[];
}

/** The command line of a network's process, program first. Equal command lines mean equal networks. */
export function serveCommand({ behaviour = 'observed', deployment, absent = [] }: ServeOptions): string[] {
  return [
    process.execPath,
    '--import',
    pathToFileURL(require.resolve('tsx')).href,
    cli,
    'serve',
    `--code=${codeFingerprint()}`,
    `--behaviour=${JSON.stringify(behaviour)}`,
    ...absent.map((name) => `--absent=${name}`),
    ...(deployment ? [`--kubeconfig=${deployment.kubeconfig}`, `--context=${deployment.context}`] : []),
  ];
}

/** Processes that serve the network in this folder, those of a deleted predecessor in the same place included. */
export function networkProcesses({ root }: NetworkFolder): RunningProcess[] {
  const processes = findProcesses(root, [path.basename(process.execPath)]);
  return processes.filter(({ argv }) => argv.includes('serve') && argv.some((argument) => argument.endsWith('cli.ts')));
}

/** Starts a network's process, which outlives this one. What else is in the user's environment may be secret. */
export function launch({ root, log }: NetworkFolder, command: readonly string[]): Promise<Launched> {
  return launchDetached({
    command,
    directory: root,
    environment: { HOME: process.env.HOME, PYTHON: process.env.PYTHON },
    log,
  });
}
