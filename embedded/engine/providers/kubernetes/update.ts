import { UserError } from '../../../shared/errors';
import { parsePath } from '../../values/paths';
import { containsUnknown } from '../../values/value';
import { InitError, type UpdateRequest, type UpdateResult } from '../provider';
import type { ClusterObjects } from './api/objects';
import { boundTo, isForced, migrateOwnUpdates, tryApply } from './apply';
import { waitUntilReady } from './await/await-ready';
import { explain, noSuchObject, vanished } from './errors';
import { fieldManagerOf, ownersOf } from './field-managers';
import { type Json, type JsonMap, at, isJsonMap } from '../../../../kubernetes-api';
import { describe, isPatch, referenceOf, toObject } from './object';
import { outputsOf, previewedOutputs } from './outputs';
import { holdsData } from './owner';
import { awaitEnd, isTerminating, terminationOf } from './terminating';
import { isUndecidable } from './undecidable';
import { freeVolume, isReleased } from './volumes';

/** Applies the new inputs to the object, and waits until it is ready again. */
export async function updateObject(request: UpdateRequest, objects: ClusterObjects): Promise<UpdateResult> {
  const { newInputs: inputs, oldOutputs, type, id } = request;
  const body = toObject(inputs);
  const reference = referenceOf(body);
  const fieldManager = fieldManagerOf(oldOutputs);
  let applied: JsonMap;
  try {
    const live = await objects.get(reference);
    if (!live) throw isPatch(type, inputs) ? noSuchObject(reference) : vanished(reference);
    const options = { fieldManager, force: isForced(inputs), dryRun: false };
    if (isTerminating(live) && !isPatch(type, inputs)) {
      await awaitEnd(request, objects, reference, live);
      applied = (await objects.apply(body, reference, options)).object;
    } else {
      if (!isPatch(type, inputs)) await migrateOwnUpdates(objects, live, reference, fieldManager);
      if (isReleased(live)) await freeVolume(objects, live);
      const kept = leaveToOthers(body, live, request.ignoreChanges, fieldManager);
      applied = (await objects.apply(boundTo(kept, live), reference, options)).object;
    }
  } catch (error) {
    throw explain(reference, 'update', error, inputs);
  }
  const outcome = await waitUntilReady(request, objects, applied, inputs);
  const outputs = outputsOf({ live: outcome.live, inputs, fieldManager, old: oldOutputs });
  if (outcome.failure === undefined) return { outputs };
  throw new InitError(id, outputs, [`${describe(reference)} was updated, but ${outcome.failure}`]);
}

/** What the object would look like, from a dry run of the API server where that is possible. Changes nothing. */
export async function previewUpdate(request: UpdateRequest, objects: ClusterObjects): Promise<UpdateResult> {
  const { newInputs: inputs, oldOutputs } = request;
  if (containsUnknown(inputs)) return { outputs: previewedOutputs(inputs, inputs) };
  const body = toObject(inputs);
  const reference = referenceOf(body);
  const fieldManager = fieldManagerOf(oldOutputs);
  try {
    const live = await objects.get(reference);
    if (!live) throw isPatch(request.type, inputs) ? noSuchObject(reference) : vanished(reference);
    if (isTerminating(live) && !isPatch(request.type, inputs)) {
      const message = await terminationOf(live, reference, objects);
      if (holdsData(reference)) throw new UserError(message);
      request.warn(message);
      return { outputs: previewedOutputs(inputs, inputs) };
    }
    const kept = leaveToOthers(body, live, request.ignoreChanges, fieldManager);
    const options = { fieldManager, force: isForced(inputs) };
    const { object } = await tryApply(objects, boundTo(kept, live), reference, options);
    return { outputs: outputsOf({ live: object, inputs, fieldManager, old: oldOutputs }) };
  } catch (error) {
    if (isUndecidable(error, request)) return { outputs: previewedOutputs(inputs, inputs) };
    throw explain(reference, 'update', error, inputs);
  }
}

/**
 * The body without fields that the program ignores and only others own: applying them would take a share in them. Those that
 * are the resource's own are sent as they are now, or they would be removed.
 */
function leaveToOthers(body: JsonMap, live: JsonMap, ignoreChanges: string[], fieldManager: string): JsonMap {
  return ignoreChanges.reduce((result, text) => {
    const keys = parsePath(text).map(String);
    const present = at(live, ...keys);
    if (present === undefined) return result;
    const { own, others } = ownersOf(live, keys, fieldManager);
    return setAt(result, keys, others && !own ? undefined : present);
  }, body);
}

function setAt(map: JsonMap, [key, ...rest]: string[], value: Json | undefined): JsonMap {
  if (key === undefined) return map;
  const inner = map[key];
  const changed = rest.length === 0 ? value : setAt(isJsonMap(inner) ? inner : {}, rest, value);
  return Object.fromEntries(Object.entries({ ...map, [key]: changed }).filter(isPresent));
}

const isPresent = (entry: [string, Json | undefined]): entry is [string, Json] => entry[1] !== undefined;
