import { containsUnknown } from '../../values/value';
import type { CreateRequest, CreateResult } from '../provider';
import type { ClusterObjects } from './api/objects';
import { boundTo, isForced, tryApply } from './apply';
import { explain, noSuchObject } from './errors';
import { fieldManagerOf } from './field-managers';
import { objectId, referenceOf, toObject } from './object';
import { MEMORY, outputsOf, previewedOutputs } from './outputs';
import { isUndecidable } from './undecidable';

/** Sets a few fields of an object that something else made (`NodePatch`), under a field manager of its own. */
export async function createPatch(request: CreateRequest, objects: ClusterObjects): Promise<CreateResult> {
  const { inputs } = request;
  const body = toObject(inputs);
  const reference = referenceOf(body);
  const fieldManager = fieldManagerOf();
  try {
    const live = await objects.get(reference);
    if (!live) throw noSuchObject(reference);
    await request.noteIntent({ [MEMORY.fieldManager]: fieldManager });
    const options = { fieldManager, force: isForced(inputs), dryRun: false };
    const { object } = await objects.apply(boundTo(body, live), reference, options);
    return {
      id: objectId(reference.namespace, reference.name),
      outputs: outputsOf({ live: object, inputs, fieldManager }),
    };
  } catch (error) {
    throw explain(reference, 'patch', error, inputs);
  }
}

/** What the object would look like with the fields; the inputs, where it is made in the same run. */
export async function previewPatch(request: CreateRequest, objects: ClusterObjects): Promise<CreateResult> {
  const { inputs } = request;
  const fallback = { id: '', outputs: previewedOutputs(inputs, inputs) };
  if (containsUnknown(inputs)) return fallback;
  const body = toObject(inputs);
  const reference = referenceOf(body);
  const fieldManager = fieldManagerOf();
  try {
    const live = await objects.get(reference);
    if (!live) {
      request.warn(`${noSuchObject(reference).message} If this run creates it before, all is well.`);
      return fallback;
    }
    const options = { fieldManager, force: isForced(inputs) };
    const { object } = await tryApply(objects, boundTo(body, live), reference, options);
    return { id: '', outputs: outputsOf({ live: object, inputs, fieldManager }) };
  } catch (error) {
    if (isUndecidable(error, request)) return fallback;
    throw explain(reference, 'patch', error, inputs);
  }
}
