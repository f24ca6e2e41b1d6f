import { type Json, at, listAt, mapAt, numberAt, textAt } from '../../../kubernetes-api';
import type { Cluster } from '../../cluster/cluster';
import { selects } from '../../cluster/selects';
import type { StackObject } from '../../stack-objects/objects';
import { workloadsOf } from '../../stack-objects/subject';
import { type Check, byNamespace } from '../check';
import { type Finding, judged } from '../finding';
import { judgeDigests, wrongImages } from './images';

/** Where the workloads of a namespace are listed, by kind. */
const COLLECTIONS: Readonly<Record<string, string>> = { Deployment: 'deployments', StatefulSet: 'statefulsets' };

/** How long a reason that a pod gives may be, in characters. */
const LONGEST_REASON = 160;

/**
 * Whether a Deployment or StatefulSet is as wanted and all of its pods are: there, ready, of its newest form.
 *
 * @param live undefined: it is not there
 * @param pods those that it has
 */
export function judgeWorkload(wanted: StackObject, live: Json | undefined, pods: readonly Json[]): Finding {
  const subject = `${wanted.namespace ?? ''}/${wanted.name}`;
  if (live === undefined) return { subject, state: 'bad', text: `${wanted.kind} is not there` };
  const replicas = numberAt(wanted.content, 'spec', 'replicas');
  const faults = [
    ...wrongReplicas(replicas, live),
    ...wrongImages(wanted.content, live),
    ...(isSeen(live) ? unfinished(replicas, live) : ['its newest form was not seen by its controller yet']),
    ...pods.flatMap(whyNotReady),
  ];
  if (faults.length > 0) return judged(subject, faults, '');
  const { state, text } = judgeDigests(wanted.content, pods);
  const ready = replicas === 0 ? 'stopped, as wanted' : `${replicas} of ${replicas} pods ready`;
  return { subject, state, text: [ready, text].filter(Boolean).join(', ') };
}

function wrongReplicas(wanted: number, live: Json): string[] {
  const set = numberAt(live, 'spec', 'replicas');
  return set === wanted ? [] : [`set to ${set} pods in place of ${wanted}`];
}

const isSeen = (live: Json) =>
  numberAt(live, 'status', 'observedGeneration') >= numberAt(live, 'metadata', 'generation');

function unfinished(replicas: number, live: Json): string[] {
  const ready = numberAt(live, 'status', 'readyReplicas');
  const updated = numberAt(live, 'status', 'updatedReplicas');
  return [
    ...(ready < replicas ? [`${ready} of ${replicas} pods ready`] : []),
    ...(updated < numberAt(live, 'spec', 'replicas') ? [`${updated} of ${replicas} pods of its newest form`] : []),
  ];
}

/** What a pod says of itself that is not ready: that it finds no node, no image, or that it ends again and again. */
function whyNotReady(pod: Json): string[] {
  const statuses = ['initContainerStatuses', 'containerStatuses'].flatMap((key) => listAt(pod, 'status', key));
  const waiting = statuses
    .map((one) => mapAt(one, 'state', 'waiting'))
    .find((one) => !isStarting(textAt(one, 'reason')));
  const unplaced = listAt(pod, 'status', 'conditions').find(
    (one) => textAt(one, 'type') === 'PodScheduled' && textAt(one, 'status') === 'False',
  );
  const reason = waiting ?? unplaced;
  if (reason === undefined || at(pod, 'metadata', 'deletionTimestamp') !== undefined) return [];
  const says = [textAt(reason, 'reason'), textAt(reason, 'message')].filter(Boolean).join(': ');
  const short = says.length > LONGEST_REASON ? `${says.slice(0, LONGEST_REASON)}…` : says;
  return [`${textAt(pod, 'metadata', 'name')}: ${short}`];
}

const isStarting = (reason: string) => ['', 'ContainerCreating', 'PodInitializing'].includes(reason);

async function inNamespace(namespace: string, wanted: readonly StackObject[], cluster: Cluster): Promise<Finding[]> {
  const pods = await cluster.list(`/api/v1/namespaces/${namespace}/pods`);
  const found = wanted.map(async (object) => {
    const live = await cluster.named(
      `/apis/apps/v1/namespaces/${namespace}/${COLLECTIONS[object.kind] ?? ''}`,
      object.name,
    );
    const labels = mapAt(object.content, 'spec', 'selector', 'matchLabels');
    return judgeWorkload(
      object,
      live,
      pods.filter((pod) => selects(labels, pod)),
    );
  });
  return Promise.all(found);
}

/** Whether all that is to run does, ready and on the wanted images. */
export const workloadsCheck: Check = (subject, cluster) =>
  byNamespace(workloadsOf(subject), (namespace, wanted) => inNamespace(namespace, wanted, cluster));
