import type { Access } from './access';
import { startDetached, stopDetached, type DetachedOptions } from './detached/lifecycle';
import { startInProcess, type InProcessNetwork, type InProcessOptions } from './in-process';

export { networkEnvironment, type Access } from './access';
export { BUGS, type BugName } from './behaviour';
export { clusterEntry } from './clusters-registry/entry';
export { detachedStatus as networkStatus } from './detached/lifecycle';
export type { InProcessNetwork, InProcessOptions } from './in-process';
export type { Addresses } from './services';

/** A network in a process of its own. */
export interface DetachedNetwork extends Access {
  /** What the user should know of how rules are run here. */
  readonly warning?: string;
  /** Ends it; what it has stored stays. @returns whether it still ran */
  close(): Promise<boolean>;
}

/** Starts a network of simulated services in this process, for tests. Many run side by side. */
export function startNetwork(options: InProcessOptions & { readonly inProcess: true }): Promise<InProcessNetwork>;
/**
 * Starts a network of simulated services in a process that outlives this one, or finds the one that runs.
 * @throws UserError with the last lines of its log if it does not start
 */
export function startNetwork(options?: DetachedOptions & { readonly inProcess?: false }): Promise<DetachedNetwork>;
export async function startNetwork(
  options: (InProcessOptions & { inProcess: true }) | (DetachedOptions & { inProcess?: false }) = {},
): Promise<Access> {
  if (options.inProcess) return startInProcess(options);
  const { access, warning } = await startDetached(options);
  const network: DetachedNetwork = {
    ...access,
    ...(warning !== undefined && { warning }),
    close: () => stopDetached(options.directory),
  };
  return network;
}

export interface StopNetworkOptions {
  /** Where it lives. Default: `.aios/network` of this checkout. */
  readonly directory?: string;
  /** Also deletes what it has stored. Default: false. */
  readonly wipe?: boolean;
}

/** Ends a detached network. @returns whether there was one */
export function stopNetwork({ directory, wipe }: StopNetworkOptions = {}): Promise<boolean> {
  return stopDetached(directory, wipe);
}
