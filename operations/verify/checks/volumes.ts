import { parseQuantity } from '../../../infra/config';
import { type Json, listAt, textAt } from '../../../kubernetes-api';
import type { Cluster } from '../../cluster/cluster';
import type { StackObject } from '../../stack-objects/objects';
import { objectsOf } from '../../stack-objects/subject';
import { type Check, byNamespace } from '../check';
import { type Finding, judged } from '../finding';

/** Conditions of a claim that is growing, or cannot. */
const GROWTH: Readonly<Record<string, string>> = {
  Resizing: 'is growing',
  FileSystemResizePending: 'waits for its node to grow the file system',
  ControllerResizeError: 'cannot be grown by its driver',
  NodeResizeError: 'cannot be grown on its node',
};

/**
 * Whether a claim has its volume, and one of the wanted size.
 *
 * @param live undefined: it is not there
 */
export function judgeClaim(wanted: StackObject, live: Json | undefined): Finding {
  const subject = `${wanted.namespace ?? ''}/${wanted.name}`;
  if (live === undefined) return { subject, state: 'bad', text: 'the claim is not there' };
  if (textAt(live, 'metadata', 'deletionTimestamp') !== '') {
    return { subject, state: 'bad', text: 'is being deleted: once its pod ends, the data may go with it' };
  }
  const phase = textAt(live, 'status', 'phase');
  if (phase !== 'Bound') return unbound(subject, phase, live);
  const has = textAt(live, 'status', 'capacity', 'storage');
  // A directory of a node is as large as its disk, whatever its claim says.
  if (isDirectory(wanted)) return { subject, state: 'good', text: 'a directory of its node' };
  const size = textAt(wanted.content, 'spec', 'resources', 'requests', 'storage');
  const isSmall = (parseQuantity(has) ?? 0) < (parseQuantity(size) ?? 0);
  return judged(subject, [...(isSmall ? [`${has} in place of ${size}`] : []), ...growth(live)], has);
}

/** Of a class that waits for a first pod, a claim that no pod has used yet is as it should be. */
function unbound(subject: string, phase: string, live: Json): Finding {
  const text = `is ${phase || 'new'}: it has no volume`;
  const isWaiting = phase === 'Pending' && textAt(live, 'metadata', 'annotations', SELECTED_NODE) === '';
  return isWaiting && textAt(live, 'spec', 'volumeName') === ''
    ? { subject, state: 'unknown', text: `${text}; a first pod that uses it, or somebody who makes it, is waited for` }
    : { subject, state: 'bad', text };
}

/** Written once a pod that uses the claim has its node. */
const SELECTED_NODE = 'volume.kubernetes.io/selected-node';

function growth(live: Json): string[] {
  return listAt(live, 'status', 'conditions').flatMap((condition) => {
    const says = GROWTH[textAt(condition, 'type')];
    if (says === undefined || textAt(condition, 'status') !== 'True') return [];
    return [[says, textAt(condition, 'message')].filter(Boolean).join(': ')];
  });
}

const isDirectory = ({ content }: StackObject) => textAt(content, 'spec', 'volumeName') !== '';

async function inNamespace(namespace: string, wanted: readonly StackObject[], cluster: Cluster): Promise<Finding[]> {
  const path = `/api/v1/namespaces/${namespace}/persistentvolumeclaims`;
  return Promise.all(wanted.map(async (claim) => judgeClaim(claim, await cluster.named(path, claim.name))));
}

/** Whether all claims have their volumes, of the size that the stack says. */
export const volumesCheck: Check = ({ objects }, cluster) =>
  byNamespace(objectsOf(objects, 'PersistentVolumeClaim'), (namespace, wanted) =>
    inNamespace(namespace, wanted, cluster),
  );
