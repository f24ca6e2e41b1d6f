import { ApiError } from '../../kubernetes-api';
import type { NetworkConfig } from '../../infra/config';
import type { Cluster } from '../cluster/cluster';
import { withCluster } from '../cluster/connect';
import type { Subject } from '../stack-objects/subject';
import type { Check } from './check';
import { CHECKS } from './checks';
import { type Finding, findingsOf } from './finding';

/**
 * Examines the cluster of a stack for what would stand in the way of it. Nothing is changed there.
 *
 * @throws UserError if the cluster cannot be looked at
 */
export function examine(subject: Subject, cluster: NetworkConfig['cluster']): Promise<Finding[]> {
  return withCluster(cluster, async (one) => {
    const checks = Object.entries(CHECKS);
    return (await Promise.all(checks.map(([name, check]) => withRefusal(name, check, subject, one)))).flat();
  });
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
