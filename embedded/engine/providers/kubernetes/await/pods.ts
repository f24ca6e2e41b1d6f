import { type Json, type JsonMap, at, isJsonMap, listAt, mapAt, numberAt, textAt } from '../../../../../kubernetes-api';
import type { ClusterObjects } from '../api/objects';

const SHOWN = 2;

/** Whether the controller has seen the object as it is now. */
export const isObserved = (live: JsonMap) =>
  at(live, 'status', 'observedGeneration') !== undefined &&
  numberAt(live, 'status', 'observedGeneration') >= numberAt(live, 'metadata', 'generation');

/** Why a workload is not ready: its pods', and what its controller complained about where there are none. */
export async function explainWorkload(live: JsonMap, objects: ClusterObjects): Promise<string | undefined> {
  const selector = labelSelector(mapAt(live, 'spec', 'selector', 'matchLabels'));
  const pods = await explainPods(textAt(live, 'metadata', 'namespace'), selector, objects);
  return pods ?? lastWarning(live, objects);
}

/** `app=parser,tier=core`: labels as the API's lists take them. */
export const labelSelector = (labels: JsonMap) =>
  Object.keys(labels)
    .map((key) => `${key}=${textAt(labels, key)}`)
    .join(',');

/** Why pods are not ready, the newest first; undefined where all are. */
export async function explainPods(
  namespace: string,
  selector: string,
  objects: ClusterObjects,
): Promise<string | undefined> {
  const of = { apiVersion: 'v1', kind: 'Pod', namespace };
  const pods = await objects.list(of, { labelSelector: selector });
  const unready = pods.filter((pod) => !isReady(pod)).sort(newestFirst);
  if (unready.length === 0) return undefined;
  const reasons = await Promise.all(unready.slice(0, SHOWN).map((pod) => explainPod(pod, objects)));
  const rest = unready.length - SHOWN;
  return [...reasons, ...(rest > 0 ? [`${rest} more pods not ready`] : [])].join('; ');
}

const newestFirst = (a: JsonMap, b: JsonMap) => created(b).localeCompare(created(a));
const created = (object: JsonMap) => textAt(object, 'metadata', 'creationTimestamp');

export function condition(object: JsonMap, type: string): JsonMap | undefined {
  return listAt(object, 'status', 'conditions')
    .filter(isJsonMap)
    .find((entry) => entry.type === type);
}

const isReady = (pod: JsonMap) => condition(pod, 'Ready')?.status === 'True';

/** `pod parser-x: ImagePullBackOff (image aios/parser:v1)`. */
async function explainPod(pod: JsonMap, objects: ClusterObjects): Promise<string> {
  const name = textAt(pod, 'metadata', 'name');
  const reason = podReason(pod) ?? (await lastWarning(pod, objects)) ?? startingReason(pod);
  return `pod ${name}: ${reason}`;
}

function podReason(pod: JsonMap): string | undefined {
  if (at(pod, 'metadata', 'deletionTimestamp') !== undefined) return 'ends';
  const scheduled = condition(pod, 'PodScheduled');
  if (scheduled?.status === 'False') {
    return `${textAt(scheduled, 'reason') || 'not scheduled'}: ${textAt(scheduled, 'message')}`;
  }
  const statuses = [...listAt(pod, 'status', 'initContainerStatuses'), ...listAt(pod, 'status', 'containerStatuses')];
  for (const status of statuses) {
    const reason = containerReason(status);
    if (reason !== undefined) return reason;
  }
  const phase = textAt(pod, 'status', 'phase');
  if (phase !== 'Failed') return undefined;
  return `${textAt(pod, 'status', 'reason') || phase} ${textAt(pod, 'status', 'message')}`.trim();
}

const starting = new Set(['', 'ContainerCreating', 'PodInitializing']);

function containerReason(status: Json): string | undefined {
  const image = textAt(status, 'image');
  const waitingFor = textAt(status, 'state', 'waiting', 'reason');
  if (waitingFor.includes('Image')) return `${waitingFor} (image ${image})`;
  if (!starting.has(waitingFor)) {
    const details = exitOf(at(status, 'lastState', 'terminated')) ?? textAt(status, 'state', 'waiting', 'message');
    return `${waitingFor} (container ${textAt(status, 'name')}${details && `: ${details}`})`;
  }
  const ended = at(status, 'state', 'terminated');
  if (ended === undefined || at(ended, 'exitCode') === 0) return undefined;
  return `container ${textAt(status, 'name')} ended: ${exitOf(ended) ?? ''}`;
}

function exitOf(terminated: Json | undefined): string | undefined {
  if (terminated === undefined) return undefined;
  const reason = textAt(terminated, 'reason');
  const message = textAt(terminated, 'message').trim().split('\n').at(-1) ?? '';
  return `${reason || 'ended'}, exit code ${numberAt(terminated, 'exitCode')}${message && `, ${message}`}`;
}

function startingReason(pod: JsonMap): string {
  const message = textAt(condition(pod, 'Ready'), 'message');
  if (textAt(pod, 'status', 'phase') === 'Running')
    return message === '' ? 'runs, not ready' : `runs, not ready: ${message}`;
  const scheduled = condition(pod, 'PodScheduled');
  return scheduled === undefined ? 'waits for the scheduler' : 'starts';
}

/** What the cluster complained about last, concerning one object: `FailedMount: …`. */
export async function lastWarning(object: JsonMap, objects: ClusterObjects): Promise<string | undefined> {
  const of = { apiVersion: 'v1', kind: 'Event', namespace: textAt(object, 'metadata', 'namespace') };
  const fieldSelector = `involvedObject.uid=${textAt(object, 'metadata', 'uid')},type=Warning`;
  const events = await objects.list(of, { fieldSelector });
  const last = events.sort((a, b) => eventTime(a).localeCompare(eventTime(b))).at(-1);
  return last && `${textAt(last, 'reason')}: ${textAt(last, 'message')}`;
}

const eventTime = (event: JsonMap) =>
  textAt(event, 'lastTimestamp') || textAt(event, 'eventTime') || textAt(event, 'metadata', 'creationTimestamp');
