import { type JsonMap, at, mapAt, numberAt, textAt } from '../../../../../kubernetes-api';
import type { ClusterObjects } from '../api/objects';
import { explainPods, labelSelector, lastWarning } from './pods';

/** Whether the controller has seen the object as it is now. */
export const isObserved = (live: JsonMap) =>
  at(live, 'status', 'observedGeneration') !== undefined &&
  numberAt(live, 'status', 'observedGeneration') >= numberAt(live, 'metadata', 'generation');

/** Why a workload is not ready: its pods', and what its controller complained about where there are none. */
export async function explainWorkload(live: JsonMap, objects: ClusterObjects): Promise<string | undefined> {
  const selector = labelSelector(mapAt(live, 'spec', 'selector'));
  const pods = await explainPods(textAt(live, 'metadata', 'namespace'), selector, objects);
  return pods ?? lastWarning(live, objects);
}
