import type { Cluster } from '../cluster/cluster';
import type { Subject } from '../stack-objects/subject';
import type { Finding } from './finding';

/** Compares what a stack wants with what its cluster has. */
export type Check = (subject: Subject, cluster: Cluster) => Promise<Finding[]>;
