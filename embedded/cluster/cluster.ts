import { readIfPresent } from '../shared/files/private-file';
import { ApiClient } from '../../kubernetes-api';
import { findProcesses, type RunningProcess } from '../shared/processes/process-table';
import type { Commands } from './components';
import { componentCommands, COMPONENT_NAMES } from './components';
import { servingCertificate } from './certificates';
import { ADMIN_USER, kubeconfigs, readTokens, type Tokens } from './credentials';
import { apiTarget, CONTEXT_NAME } from './kubeconfig';
import { findMissing } from './nodes';
import type { ClusterFolder } from './paths';
import { rememberedPort } from './ports';
import type { Programs } from './programs';

/** A cluster that can be used. */
export interface Cluster {
  /** Path of a kubeconfig whose only context is `context`. */
  readonly kubeconfig: string;
  /** https://127.0.0.1:PORT */
  readonly server: string;
  readonly context: typeof CONTEXT_NAME;
  /** Path of a kubectl of the cluster's version. */
  readonly kubectl: string;
}

export function describeCluster(folder: ClusterFolder, programs: Programs, port: number): Cluster {
  return {
    kubeconfig: folder.kubeconfig,
    server: serverOf(port),
    context: CONTEXT_NAME,
    kubectl: programs.path('kubectl'),
  };
}

export function serverOf(port: number): string {
  return `https://127.0.0.1:${port}`;
}

/** Processes of the cluster in `folder`, those of a deleted predecessor in the same place included. */
export function clusterProcesses(folder: ClusterFolder): RunningProcess[] {
  return findProcesses(folder.root, COMPONENT_NAMES);
}

/** Whether every process is one that a start would start now: same program, same arguments, and no more of them. */
export function areAsWanted(processes: readonly RunningProcess[], commands: Commands): boolean {
  return (
    new Set(processes.map(({ name }) => name)).size === processes.length &&
    processes.every(({ name, argv, isOrphaned }) => {
      const command = (commands as Partial<Record<string, readonly string[]>>)[name];
      return !isOrphaned && command?.join('\0') === argv.join('\0');
    })
  );
}

/**
 * The cluster, if it runs completely, as it should, and answers. Takes a few milliseconds and changes nothing.
 * @param requestedPort the port on which it must be, if that matters
 */
export async function runningCluster(
  folder: ClusterFolder,
  programs: Programs,
  requestedPort: number | undefined,
): Promise<Cluster | undefined> {
  const port = await rememberedPort(folder);
  if (port === undefined || port !== (requestedPort ?? port)) return undefined;
  const processes = clusterProcesses(folder);
  const isWhole = processes.length === COMPONENT_NAMES.length;
  if (!isWhole || !areAsWanted(processes, componentCommands(programs, port))) return undefined;
  const api = await connect(folder, port);
  if (!api) return undefined;
  try {
    const missing = await findMissing(api);
    return missing === undefined ? describeCluster(folder, programs, port) : undefined;
  } catch {
    return undefined; // no answer
  } finally {
    api.close();
  }
}

/** @returns undefined unless certificate, tokens and kubeconfigs are there and belong together */
export async function connect(folder: ClusterFolder, port: number): Promise<ApiClient | undefined> {
  const certificate = await servingCertificate(folder);
  const tokens = await readTokens(folder);
  if (certificate === undefined || tokens === undefined) return undefined;
  for (const { file, content } of kubeconfigs(folder, serverOf(port), certificate, tokens)) {
    if ((await readIfPresent(file)) !== content) return undefined;
  }
  return apiClient(port, certificate, tokens);
}

/** How long a request may take, in seconds. */
const REQUEST_TIMEOUT = 5;

/** @param certificate the API server's, the only one that is trusted */
export function apiClient(port: number, certificate: string, tokens: Tokens): ApiClient {
  const values = {
    server: serverOf(port),
    certificateAuthority: certificate,
    user: ADMIN_USER,
    token: tokens[ADMIN_USER],
  };
  return new ApiClient(apiTarget(values), REQUEST_TIMEOUT);
}
