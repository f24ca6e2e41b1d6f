import type { PropertyMap } from '../../values/value';
import type { ReadRequest, ReadResult } from '../provider';
import { type ClusterObjects, UnknownKindError } from './api/objects';
import { currentInputs } from './drift';
import { explain } from './errors';
import { fieldManagerOf } from './field-managers';
import type { JsonMap } from '../../../../kubernetes-api';
import { type ObjectReference, isPatch, parseId, referenceOf, toObject, toProperties } from './object';
import { keepCiphertexts, markSecrets } from './secrets';
import { outputsOf } from './outputs';
import { isTerminating, terminationOf } from './terminating';
import { withTroubles } from './troubles';

/**
 * The object as the cluster has it now.
 *
 * @returns undefined where there is none, or where the cluster does not even know its kind any more
 */
export async function readObject(request: ReadRequest, objects: ClusterObjects): Promise<ReadResult | undefined> {
  const reference = { ...referenceOf(toObject(request.inputs)), ...parseId(request.id) };
  const live = await getIfKnown(reference, objects);
  if (!live) return undefined;
  const seen = inputsFor(request, toProperties(live));
  const inputs = isPatch(request.type, seen) ? seen : withTroubles(seen, live);
  if (inputs !== seen && isTerminating(live)) request.warn(await terminationOf(live, reference, objects));
  const fieldManager = fieldManagerOf(request.outputs);
  return { id: request.id, inputs, outputs: outputsOf({ live, inputs, fieldManager, old: request.outputs }) };
}

/** The object; undefined where there is none, or no such kind. */
export async function getIfKnown(reference: ObjectReference, objects: ClusterObjects): Promise<JsonMap | undefined> {
  try {
    return await objects.get(reference);
  } catch (error) {
    if (error instanceof UnknownKindError) return undefined;
    throw explain(reference, 'read', error);
  }
}

function inputsFor({ inputs, outputs }: ReadRequest, live: PropertyMap): PropertyMap {
  const current = currentInputs(live, inputs, outputs);
  const marked = markSecrets(current, inputs);
  return keepCiphertexts(marked, inputs) as PropertyMap;
}
