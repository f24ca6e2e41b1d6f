import { isForbidden } from '../../kubernetes-api';
import type { Cluster } from '../cluster/cluster';
import { groupBy } from '../group-by';
import type { StackObject } from '../stack-objects/objects';
import type { Subject } from '../stack-objects/subject';
import type { Finding } from './finding';

/** Looks whether the cluster has what a stack wants, and as it wants it. */
export type Check = (subject: Subject, cluster: Cluster) => Promise<Finding[]>;

/** Does a part of a check; where a right is missing, that is what was found, and the other parts go on. */
export async function unlessForbidden(subject: string, work: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await work();
  } catch (error) {
    if (!isForbidden(error)) throw error;
    return [{ subject, state: 'unread', text: error.message }];
  }
}

/** Does a check namespace by namespace: rights are given that way. */
export async function byNamespace(
  objects: readonly StackObject[],
  work: (namespace: string, objects: readonly StackObject[]) => Promise<Finding[]>,
): Promise<Finding[]> {
  const groups = groupBy(objects, ({ namespace }) => namespace ?? '');
  const found = [...groups].map(([namespace, own]) => unlessForbidden(namespace, () => work(namespace, own)));
  return (await Promise.all(found)).flat();
}
