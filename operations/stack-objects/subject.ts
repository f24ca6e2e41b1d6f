import type { NetworkConfig } from '../../infra/config';
import type { StackObject, StackObjects } from './objects';

/** What a cluster is held against: what a stack wants of it. */
export interface Subject extends StackObjects {
  config: NetworkConfig;
}

/** The Deployments and StatefulSets of a stack. */
export function workloadsOf({ objects }: Pick<Subject, 'objects'>): StackObject[] {
  return objectsOf(objects, 'Deployment', 'StatefulSet');
}

/** A stack's objects of some kinds. */
export function objectsOf(objects: readonly StackObject[], ...kinds: readonly string[]): StackObject[] {
  return objects.filter(({ kind }) => kinds.includes(kind));
}
