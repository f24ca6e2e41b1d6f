import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../../shared/errors';
import { DeleteRequest } from '../provider';
import { JsonMap, at, isConflict, isNotFound, isPassing, listAt, numberAt, textAt } from '../../../shared/kubernetes';
import { ClusterObjects, UnknownKindError } from './api/objects';
import { annotations, hasAnnotation, timeoutSeconds } from './annotations';
import { relinquish } from './apply';
import { Backoff } from './await/backoff';
import { explain } from './errors';
import { fieldManagerOf } from './field-managers';
import { ObjectReference, describe, isPatch, parseId, referenceOf, toObject } from './object';

/** Deletes the object of the state and waits until it is gone. One that somebody made again under its name stays. */
export async function deleteObject(request: DeleteRequest, objects: ClusterObjects): Promise<void> {
  const { outputs, inputs, type, id } = request;
  const object = toObject(outputs.kind === undefined ? inputs : outputs);
  const reference = { ...referenceOf(object), ...parseId(id) };
  const uid = textAt(object, 'metadata', 'uid');
  try {
    if (isPatch(type, inputs)) {
      await relinquish(objects, reference, fieldManagerOf(outputs), uid);
      return;
    }
    await objects.delete(reference, { uid, propagationPolicy: 'Foreground' });
  } catch (error) {
    if (isNotFound(error) || error instanceof UnknownKindError) return;
    if (isConflict(error) && /uid/i.test(error.message)) {
      request.warn(`${describe(reference)} is another object than this stack's, which is gone: left as it is`);
      return;
    }
    throw explain(reference, isPatch(type, inputs) ? 'give up the fields of' : 'delete', error);
  }
  if (hasAnnotation(inputs, annotations.skipAwait) && skipsWaiting.has(reference.kind)) return;
  await waitUntilGone(request, objects, reference, uid);
}

/** For other kinds, the annotation concerns readiness only. */
const skipsWaiting = new Set(['Namespace', 'Deployment', 'StatefulSet']);

async function waitUntilGone(
  request: DeleteRequest,
  objects: ClusterObjects,
  reference: ObjectReference,
  uid: string,
): Promise<void> {
  const { signal } = request;
  const seconds = timeoutSeconds(request.timeout);
  const deadline = Date.now() + seconds * 1000;
  const backoff = new Backoff();
  let reason = 'no reason known';
  for (;;) {
    try {
      const live = await objects.get(reference, { retries: 0 });
      if (!live || (uid !== '' && textAt(live, 'metadata', 'uid') !== uid)) return;
      reason = whyStillThere(live);
    } catch (error) {
      if (!signal.aborted && !isPassing(error)) throw explain(reference, 'delete', error);
      if (!signal.aborted) reason = (error as Error).message;
    }
    const stopped = signal.aborted ? 'interrupted' : Date.now() > deadline ? `timed out after ${seconds} s` : undefined;
    if (stopped !== undefined) {
      throw new UserError(`${describe(reference)}: ${stopped} while waiting for its deletion: ${reason}`);
    }
    if (backoff.elapsed > 1000) request.status(`waiting until it is gone: ${reason}`);
    await sleep(backoff.next(), undefined, { signal }).catch(() => undefined);
  }
}

const meanings: Record<string, string> = {
  foregroundDeletion: 'what it owns is deleted first',
  'kubernetes.io/pvc-protection': 'a pod still uses the claim',
  'kubernetes.io/pv-protection': 'a claim is still bound to the volume',
};

/** What holds a deleted object, by its finalizers and, of a namespace, its conditions. */
function whyStillThere(live: JsonMap): string {
  const finalizers = [...listAt(live, 'metadata', 'finalizers'), ...listAt(live, 'spec', 'finalizers')].map(String);
  const named = finalizers.map((name) => (meanings[name] === undefined ? name : `${name} (${meanings[name]})`));
  const conditions = listAt(live, 'status', 'conditions')
    .filter(
      (condition) => /Deletion|Remaining/.test(textAt(condition, 'type')) && textAt(condition, 'status') === 'True',
    )
    .map((condition) => textAt(condition, 'message'));
  const replicas =
    at(live, 'status', 'replicas') === undefined ? [] : [`${numberAt(live, 'status', 'replicas')} pods left`];
  const held = named.length > 0 ? [`held by ${named.join(', ')}`] : ['pods end'];
  return [...held, ...replicas, ...conditions].join('; ');
}
