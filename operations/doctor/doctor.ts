import { ApiClient, ApiError, ClusterAccessError, loadKubeconfig, selectTarget } from '../../kubernetes-api';
import type { NetworkConfig } from '../../infra/config';
import { UserError } from '../command-line';
import { CHECKS } from './checks';
import { Cluster } from './cluster';
import { type Finding, findingsOf } from './finding';
import type { Check, Subject } from './subject';

/** How long a request may take, in seconds. */
const TIMEOUT = 30;

/**
 * Examines the cluster of a stack for what would stand in the way of it. Nothing is changed there.
 *
 * @throws UserError if the cluster cannot be looked at
 */
export async function examine(subject: Subject, cluster: NetworkConfig['cluster']): Promise<Finding[]> {
  try {
    const { context, kubeconfig } = cluster;
    // An encrypted kubeconfig cannot be read here; whoever examines the stack's cluster has one with its context.
    const source = typeof kubeconfig === 'string' ? kubeconfig : undefined;
    const client = new ApiClient(selectTarget(await loadKubeconfig(source), { context }), TIMEOUT);
    return await examineThrough(client, subject).finally(() => client.close());
  } catch (error) {
    if (error instanceof ClusterAccessError) throw new UserError(error.message);
    if (error instanceof ApiError && error.code === 401) {
      throw new UserError('the API server refuses the credentials of the kubeconfig: log in again');
    }
    throw error;
  }
}

async function examineThrough(client: ApiClient, subject: Subject): Promise<Finding[]> {
  const cluster = new Cluster(client);
  // The first request alone: where nobody answers, that is told once and at once.
  await cluster.get('/version');
  const found = await Promise.all(
    Object.entries(CHECKS).map(([name, check]) => withRefusal(name, check, subject, cluster)),
  );
  return found.flat();
}

/** A check that may not look says so, and the others go on. */
async function withRefusal(name: string, check: Check, subject: Subject, cluster: Cluster): Promise<Finding[]> {
  try {
    return await check(subject, cluster);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === 401) throw error;
    return [findingsOf(name).unknown(error.message, 'have somebody with more rights run make doctor')];
  }
}
