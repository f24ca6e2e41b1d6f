import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { findProcesses, type RunningProcess } from '../../cluster/process-table';
import type { Behaviour } from '../behaviour';
import type { GatewayDeployment } from '../deployment/cluster-api';
import { codeFingerprint, type NetworkFolder } from './folder';

const cli = path.resolve(__dirname, '..', 'cli.ts');

/** A log over this size (bytes) is set aside at the next start; the one set aside before is dropped. */
const maximumLogSize = 20 * 1024 * 1024;

/** What a detached network is to be. */
export interface ServeOptions {
  readonly behaviour?: Behaviour;
  readonly deployment?: GatewayDeployment;
}

/** The command line of a network's process, program first. Equal command lines mean equal networks. */
export function serveCommand({ behaviour = 'observed', deployment }: ServeOptions): string[] {
  return [
    process.execPath,
    '--import',
    pathToFileURL(require.resolve('tsx')).href,
    cli,
    'serve',
    `--code=${codeFingerprint()}`,
    `--behaviour=${JSON.stringify(behaviour)}`,
    ...(deployment ? [`--kubeconfig=${deployment.kubeconfig}`, `--context=${deployment.context}`] : []),
  ];
}

/** Processes that serve the network in this folder, those of a deleted predecessor in the same place included. */
export function networkProcesses({ root }: NetworkFolder): RunningProcess[] {
  const processes = findProcesses(root, [path.basename(process.execPath)]);
  return processes.filter(({ argv }) => argv.includes('serve') && argv.some((argument) => argument.endsWith('cli.ts')));
}

/** A process that was started by us. */
export interface Launched {
  readonly pid: number | undefined;
  /** How it ended; undefined while it runs. */
  readonly ended: () => string | undefined;
  /** The last lines that it has logged. */
  readonly lastWords: () => string;
}

/** Starts a network's process, which outlives this one. */
export function launch(folder: NetworkFolder, command: readonly string[]): Launched {
  const size = statSync(folder.log, { throwIfNoEntry: false })?.size ?? 0;
  if (size > maximumLogSize) renameSync(folder.log, `${folder.log}.1`);
  const descriptor = openSync(folder.log, 'a', 0o600);
  const offset = fstatSync(descriptor).size;
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd: folder.root,
    detached: true,
    // What else is in the user's environment may be secret, and the rules that it runs would see it.
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
    stdio: ['ignore', descriptor, descriptor],
  });
  closeSync(descriptor);
  let ended: string | undefined;
  child.once('error', (error) => (ended = `cannot be started: ${error.message}`));
  child.once('exit', (code, signal) => (ended = signal ? `was killed by ${signal}` : `ended with code ${code ?? '?'}`));
  child.unref();
  return {
    pid: child.pid,
    ended: () => ended,
    lastWords: () =>
      readFileSync(folder.log).subarray(offset).toString('utf8').trimEnd().split('\n').slice(-12).join('\n'),
  };
}
