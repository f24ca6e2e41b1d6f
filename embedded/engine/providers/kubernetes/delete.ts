import { type DeleteRequest, InitError } from '../provider';
import { isConflict, isNotFound, textAt } from '../../../../kubernetes-api';
import { type ClusterObjects, UnknownKindError } from './api/objects';
import { ANNOTATIONS, hasAnnotation } from './annotations';
import { relinquish } from './apply';
import { explain } from './errors';
import { fieldManagerOf } from './field-managers';
import { describe, isPatch, parseId, referenceOf, toObject } from './object';
import { waitUntilGone } from './terminating';
import { refuseIfInUse } from './volumes';

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
    await refuseIfInUse(objects, reference, 'deleted now, it would stay half deleted until they end');
    await objects.delete(reference, uid);
  } catch (error) {
    if (isNotFound(error) || error instanceof UnknownKindError) return;
    if (isConflict(error) && /uid/i.test(error.message)) {
      request.warn(`${describe(reference)} is another object than this stack's, which is gone: left as it is`);
      return;
    }
    throw explain(reference, isPatch(type, inputs) ? 'give up the fields of' : 'delete', error);
  }
  if (hasAnnotation(inputs, ANNOTATIONS.skipAwait) && skipsWaiting.has(reference.kind)) return;
  const reason = await waitUntilGone(request, objects, reference, uid);
  if (reason !== undefined) throw new InitError(id, outputs, [`${describe(reference)}: ${reason}`]);
}

/** For other kinds, the annotation concerns readiness only. */
const skipsWaiting = new Set(['Namespace', 'Deployment', 'StatefulSet']);
