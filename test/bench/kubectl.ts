import { spawnSync } from 'node:child_process';
import type { Cluster } from '../../embedded/cluster';
import type { Command } from './measure';

/** Its names in reports, by what it is to do. */
export const KUBECTL = {
  apply: 'kubectl apply --server-side',
  diff: 'kubectl diff',
  serverDiff: 'kubectl diff --server-side',
} as const;

/** kubectl, on the objects of a file. */
export interface Kubectl {
  apply: Command;
  /** Compares on the client, and fails on any difference. */
  diff: Command;
  /** Has the server compare, as the engine's preview does, and fails on any difference. */
  serverDiff: Command;
  /** Deletes the objects and waits until they are gone. */
  remove: Command;
}

/** @param home where it keeps its cache and temporary files, in place of the user's, whose settings do not count here */
export function kubectlOn(cluster: Cluster, objects: string, home: string): Kubectl {
  const command = (...args: string[]): Command => ({
    program: cluster.kubectl,
    args: [...args, '--filename', objects],
    environment: { PATH: process.env.PATH, KUBECONFIG: cluster.kubeconfig, HOME: home, TMPDIR: home },
  });
  return {
    apply: command('apply', '--server-side', '--force-conflicts'),
    diff: command('diff'),
    serverDiff: command('diff', '--server-side', '--force-conflicts'),
    remove: command('delete', '--wait', '--ignore-not-found'),
  };
}

/** `kubectl diff` leaves the comparing to the program diff. */
export const hasDiff = () => spawnSync('diff', ['--version'], { stdio: 'ignore' }).status === 0;
