import type { NetworkConfig } from '../../infra/config';
import type { StackObject, StackObjects } from '../stack-objects/objects';
import type { Cluster } from './cluster';
import type { Finding } from './finding';

/** What is examined: what a stack wants of its cluster. */
export interface Subject extends StackObjects {
  config: NetworkConfig;
}

/** Compares what a stack wants with what its cluster has. */
export type Check = (subject: Subject, cluster: Cluster) => Promise<Finding[]>;

/** The namespaces that a stack makes. */
export function namespacesOf({ objects }: Subject): string[] {
  return objects.filter(({ kind }) => kind === 'Namespace').map(({ name }) => name);
}

/** The Deployments and StatefulSets of a stack. */
export function workloadsOf({ objects }: Subject): StackObject[] {
  return objects.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');
}
