import { ApiClient, ApiError, ClusterAccessError, loadKubeconfig, selectTarget } from '../../kubernetes-api';
import type { NetworkConfig } from '../../infra/config';
import { UserError } from '../command-line';
import { Cluster } from './cluster';

/** How long a request may take, in seconds. */
const TIMEOUT = 30;

/**
 * Lets work be done with a stack's cluster, and closes the connection afterwards.
 *
 * @throws UserError if nobody answers there; ApiError for a refusal
 */
export async function withClient<T>(
  { context, kubeconfig }: NetworkConfig['cluster'],
  work: (client: ApiClient) => Promise<T>,
): Promise<T> {
  try {
    // An encrypted kubeconfig cannot be read here; whoever works with the stack's cluster has one with its context.
    const source = typeof kubeconfig === 'string' ? kubeconfig : undefined;
    const client = new ApiClient(selectTarget(await loadKubeconfig(source), { context }), TIMEOUT);
    return await work(client).finally(() => client.close());
  } catch (error) {
    throw error instanceof ClusterAccessError ? new UserError(error.message) : error;
  }
}

/**
 * Lets a stack's cluster be looked at, and closes the connection afterwards.
 *
 * @throws UserError if nobody answers there, or refuses the credentials; ApiError for any other refusal
 */
export async function withCluster<T>(
  cluster: NetworkConfig['cluster'],
  work: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  try {
    return await withClient(cluster, (client) => workThrough(client, work));
  } catch (error) {
    if (error instanceof ApiError && error.code === 401) {
      throw new UserError('the API server refuses the credentials of the kubeconfig: log in again');
    }
    throw error;
  }
}

async function workThrough<T>(client: ApiClient, work: (cluster: Cluster) => Promise<T>): Promise<T> {
  const cluster = new Cluster(client);
  // The first request alone: where nobody answers, that is told once and at once.
  await cluster.get('/version');
  return work(cluster);
}
