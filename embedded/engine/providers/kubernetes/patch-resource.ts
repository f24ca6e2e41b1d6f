import type { CreateRequest, CreateResult, UpdateRequest } from '../provider';
import type { ClusterObjects } from './api/objects';
import { fieldManagerOf } from './field-managers';
import { objectId, referenceOf, toObject } from './object';
import { MEMORY } from './outputs';
import { previewUpdate, updateObject } from './update';

/** Sets a few fields of an object that something else made (`NodePatch`), under a field manager of its own. */
export async function createPatch(request: CreateRequest, objects: ClusterObjects): Promise<CreateResult> {
  const update = asUpdate(request);
  await request.noteIntent(update.oldOutputs);
  return { id: update.id, ...(await updateObject(update, objects)) };
}

/** What the object would look like with the fields; the inputs, where it is made in the same run. */
export async function previewPatch(request: CreateRequest, objects: ClusterObjects): Promise<CreateResult> {
  return { id: '', ...(await previewUpdate(asUpdate(request), objects)) };
}

function asUpdate(request: CreateRequest): UpdateRequest {
  const { namespace, name } = referenceOf(toObject(request.inputs));
  const oldOutputs = { [MEMORY.fieldManager]: fieldManagerOf() };
  return {
    ...request,
    id: objectId(namespace, name),
    oldInputs: {},
    oldOutputs,
    newInputs: request.inputs,
    ignoreChanges: [],
  };
}
