import { UserError } from '../../../shared/errors';
import { parsePath } from '../../values/paths';
import { InitError, type UpdateRequest, type UpdateResult } from '../provider';
import type { ClusterObjects } from './api/objects';
import { applicationOf, boundTo, migrateOwnUpdates, tryApply } from './apply';
import { waitUntilReady } from './await/await-ready';
import { explain, noSuchObject, vanished } from './errors';
import { ownersOf } from './field-managers';
import { type Json, type JsonMap, at, mapAt } from '../../../../kubernetes-api';
import { describe, isPatch } from './object';
import { outputsOf, previewedOutputs } from './outputs';
import { holdsData } from './owner';
import { awaitEnd, isTerminating, terminationOf } from './terminating';
import { isUndecidable } from './undecidable';
import { freeVolume, isReleased } from './volumes';

/** Applies the new inputs to the object, and waits until it is ready again. */
export async function updateObject(request: UpdateRequest, objects: ClusterObjects): Promise<UpdateResult> {
  const { newInputs: inputs, oldOutputs, ignoreChanges, type, id } = request;
  const { body, reference, options } = applicationOf(inputs, oldOutputs);
  const { fieldManager } = options;
  const isPart = isPatch(type, inputs);
  let applied: JsonMap;
  try {
    const live = await objects.get(reference);
    if (!live) throw isPart ? noSuchObject(reference) : vanished(reference);
    if (isTerminating(live) && !isPart) {
      await awaitEnd(request, objects, reference, live);
      applied = (await objects.apply(body, options)).object;
    } else {
      if (!isPart) await migrateOwnUpdates(objects, live, reference, fieldManager);
      if (isReleased(live)) await freeVolume(objects, live);
      const kept = leaveToOthers(body, live, ignoreChanges, fieldManager);
      applied = (await objects.apply(boundTo(kept, live), options)).object;
    }
  } catch (error) {
    throw explain(reference, isPart ? 'patch' : 'update', error, inputs);
  }
  const { live, failure } = await waitUntilReady(request, objects, applied, inputs);
  const outputs = outputsOf({ live, inputs, fieldManager, old: oldOutputs });
  if (failure === undefined) return { outputs };
  throw new InitError(id, outputs, [`${describe(reference)} was updated, but ${failure}`]);
}

/** What the object would look like, from a dry run of the API server. Changes nothing. */
export async function previewUpdate(request: UpdateRequest, objects: ClusterObjects): Promise<UpdateResult> {
  const { newInputs: inputs, oldOutputs, ignoreChanges, type } = request;
  const { body, reference, options } = applicationOf(inputs, oldOutputs);
  const isPart = isPatch(type, inputs);
  const unseen = { outputs: previewedOutputs(inputs, inputs) };
  try {
    const live = await objects.get(reference);
    if (!live && !isPart) throw vanished(reference);
    if (!live || (isTerminating(live) && !isPart)) {
      const message = live
        ? await terminationOf(live, reference, objects)
        : `${noSuchObject(reference).message} If this run creates it before, all is well.`;
      if (live && holdsData(reference)) throw new UserError(message);
      request.warn(message);
      return unseen;
    }
    const kept = leaveToOthers(body, live, ignoreChanges, options.fieldManager);
    const { object } = await tryApply(objects, boundTo(kept, live), options);
    return { outputs: outputsOf({ live: object, inputs, fieldManager: options.fieldManager, old: oldOutputs }) };
  } catch (error) {
    if (isUndecidable(error, request)) return unseen;
    throw explain(reference, isPart ? 'patch' : 'update', error, inputs);
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

function setAt(map: JsonMap, [key = '', ...rest]: string[], value: Json | undefined): JsonMap {
  const changed = rest.length === 0 ? value : setAt(mapAt(map, key), rest, value);
  const others = Object.entries(map).filter(([name]) => name !== key);
  return Object.fromEntries(changed === undefined ? others : [...others, [key, changed]]);
}
