import { parseQuantity } from '../../../infra/config';
import { type Json, at, listAt, mapAt, textAt } from '../../../kubernetes-api';

/** A node as the checks look at it. */
export interface NodeFacts {
  name: string;
  hostname: string;
  labels: Readonly<Record<string, unknown>>;
  /** Why no pod of a stack is put there; undefined if it is. */
  closed?: string;
  architecture: string;
  /** Cores and bytes that pods can have. */
  cpu: number;
  memory: number;
  /** Bytes of the file system that kubelets count; absent where they do not tell. */
  disk?: number;
}

export function factsOf(node: Json): NodeFacts {
  const labels = mapAt(node, 'metadata', 'labels');
  const closed = whyClosed(node);
  const disk = parseQuantity(textAt(node, 'status', 'allocatable', 'ephemeral-storage'));
  const amount = (name: string) => parseQuantity(textAt(node, 'status', 'allocatable', name)) ?? 0;
  return {
    name: textAt(node, 'metadata', 'name'),
    hostname: textAt(labels, 'kubernetes.io/hostname'),
    labels,
    ...(closed !== undefined && { closed }),
    architecture: textAt(node, 'status', 'nodeInfo', 'architecture') || textAt(labels, 'kubernetes.io/arch'),
    cpu: amount('cpu'),
    memory: amount('memory'),
    ...(disk !== undefined && { disk }),
  };
}

/** Of the taints those count that keep pods out which tolerate none. */
function whyClosed(node: Json): string | undefined {
  const taint = listAt(node, 'spec', 'taints').find((one) => textAt(one, 'effect') !== 'PreferNoSchedule');
  if (at(node, 'spec', 'unschedulable') === true) return 'is cordoned';
  if (taint !== undefined) return `has the taint ${textAt(taint, 'key')}:${textAt(taint, 'effect')}`;
  const ready = listAt(node, 'status', 'conditions').find((one) => textAt(one, 'type') === 'Ready');
  return textAt(ready, 'status') === 'True' ? undefined : 'is not ready';
}
