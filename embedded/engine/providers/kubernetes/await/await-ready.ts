import type { PropertyMap } from '../../../values/value';
import { ANNOTATIONS, hasAnnotation } from '../annotations';
import { type JsonMap, textAt } from '../../../../../kubernetes-api';
import type { ClusterObjects } from '../api/objects';
import { isPatch, referenceOf } from '../object';
import { isTerminating, terminationOf } from '../terminating';
import { type Awaiter, failed, ready, waiting } from './awaiter';
import { deployment } from './deployment';
import { type WaitingCall, poll } from './poll';
import { service } from './service';
import { statefulSet } from './stateful-set';
import { namespace, persistentVolume, persistentVolumeClaim } from './storage';

const awaiters: Record<string, Awaiter> = {
  'apps/v1/Deployment': deployment,
  'apps/v1/StatefulSet': statefulSet,
  'v1/Namespace': namespace,
  'v1/PersistentVolume': persistentVolume,
  'v1/PersistentVolumeClaim': persistentVolumeClaim,
  'v1/Service': service,
};

const readyAtOnce: Awaiter = { check: () => ready };

interface WaitOutcome {
  /** The object as it was seen last. */
  live: JsonMap;
  /** Why it is not ready, and why nobody waits any longer; absent once it is ready. */
  failure: string | undefined;
}

/** After this long, and then at such intervals, the reasons are worth a few requests. */
const PATIENCE_MILLISECONDS = 1500;

/**
 * Waits until an applied object is ready, telling what is missing. Objects of kinds that have nothing to wait for are ready
 * at once.
 *
 * @param applied the object as the apply left it
 */
export async function waitUntilReady(
  request: WaitingCall & { type: string },
  objects: ClusterObjects,
  applied: JsonMap,
  inputs: PropertyMap,
): Promise<WaitOutcome> {
  if (isPatch(request.type, inputs)) return { live: applied, failure: undefined };
  const kind = `${textAt(applied, 'apiVersion')}/${textAt(applied, 'kind')}`;
  const awaiter = (hasAnnotation(inputs, ANNOTATIONS.skipAwait) ? undefined : awaiters[kind]) ?? readyAtOnce;
  let live = applied;
  let isFresh = true;
  let explained = { at: 0, text: '' };
  const failure = await poll(request, async (elapsed) => {
    const current = isFresh ? live : await objects.get(referenceOf(live), { retries: 0 });
    isFresh = false;
    if (!current) return failed('somebody deleted it');
    live = current;
    if (isTerminating(live)) return failed(await terminationOf(live, referenceOf(live), objects));
    const progress = await awaiter.check(live, objects);
    if (progress.state !== 'waiting') return progress;
    if (elapsed - explained.at > PATIENCE_MILLISECONDS) {
      explained = { at: elapsed, text: (await awaiter.explain?.(live, objects)) ?? '' };
    }
    return waiting([progress.message, explained.text].filter((text) => text !== '').join('; '));
  });
  return { live, failure };
}
