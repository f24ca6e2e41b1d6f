import { setTimeout as sleep } from 'node:timers/promises';
import { type PropertyMap, containsUnknown } from '../../values/value';
import { type CreateRequest, type CreateResult, InitError, type RecoverRequest } from '../provider';
import { UserError } from '../../../shared/errors';
import { type JsonMap, isConflict, isInvalid, isNotFound, textAt } from '../../../../kubernetes-api';
import { type ClusterObjects, UnknownKindError } from './api/objects';
import { isForced, migrateOwnUpdates, relinquish, tryApply } from './apply';
import { waitUntilReady } from './await/await-ready';
import { alreadyExists, explain } from './errors';
import { fieldManagerOf, isManagedBy, wasCreatedBy } from './field-managers';
import { type ObjectReference, describe, objectId, referenceOf, toObject, toProperties } from './object';
import { MEMORY, outputsOf, previewedOutputs } from './outputs';
import { holdsData, isClaimOf, ownerOf } from './owner';
import type { Settings } from './settings';
import { awaitEnd, isTerminating, terminationOf } from './terminating';
import { isUndecidable } from './undecidable';
import { freeVolumeFor } from './volumes';

/** Creates an object, and waits until it is ready. An object that exists is refused unless the provider is to take it over. */
export async function createObject(
  request: CreateRequest,
  objects: ClusterObjects,
  settings: Settings,
): Promise<CreateResult> {
  const { inputs } = request;
  const body = toObject(inputs);
  const reference = referenceOf(body);
  const fieldManager = fieldManagerOf();
  const live = await bring(request, objects, settings, { body, reference, fieldManager });
  const id = objectId(reference.namespace, reference.name);
  const outcome = await waitUntilReady(request, objects, live, inputs);
  const outputs = outputsOf({ live: outcome.live, inputs, fieldManager });
  if (outcome.failure !== undefined) {
    throw new InitError(id, outputs, [`${describe(reference)} was created, but ${outcome.failure}`]);
  }
  return { id, outputs };
}

interface Creation {
  body: JsonMap;
  reference: ObjectReference;
  fieldManager: string;
}

async function bring(
  request: CreateRequest,
  objects: ClusterObjects,
  settings: Settings,
  creation: Creation,
): Promise<JsonMap> {
  const { reference, fieldManager } = creation;
  const { inputs } = request;
  try {
    let existing = await objects.get(reference);
    if (existing && isTerminating(existing)) {
      await awaitEnd(request, objects, reference, existing);
      existing = undefined;
    }
    if (existing && !(await mayTakeOver(objects, existing, settings))) throw alreadyExists(reference, existing);
    await request.noteIntent({ [MEMORY.fieldManager]: fieldManager });
    const live = existing
      ? await takeOver(objects, existing, creation, isForced(inputs))
      : await createNew(request, objects, creation, settings);
    await freeVolumeFor(objects, live);
    return live;
  } catch (error) {
    throw explain(reference, 'create', error, inputs);
  }
}

/** Whether an object that exists is the program's to have: by the provider's setting, or as a StatefulSet uses it anyway. */
async function mayTakeOver(objects: ClusterObjects, existing: JsonMap, settings: Settings): Promise<boolean> {
  if (settings.upsertExistingObjects) return true;
  if (existing.kind !== 'PersistentVolumeClaim') return false;
  const namespace = textAt(existing, 'metadata', 'namespace');
  const sets = await objects.list({ apiVersion: 'apps/v1', kind: 'StatefulSet', namespace }, {});
  // The items of a list do not say their kind.
  return sets.some((set) => isClaimOf(existing, set));
}

async function takeOver(
  objects: ClusterObjects,
  existing: JsonMap,
  { body, reference, fieldManager }: Creation,
  force: boolean,
): Promise<JsonMap> {
  await migrateOwnUpdates(objects, existing, reference, fieldManager);
  return (await objects.apply(body, reference, { fieldManager, force, dryRun: false })).object;
}

const MISSING_PARENT_RETRIES = 5;

async function createNew(
  request: CreateRequest,
  objects: ClusterObjects,
  { body, reference, fieldManager }: Creation,
  settings: Settings,
): Promise<JsonMap> {
  for (let attempt = 1; ; attempt++) {
    try {
      const applied = await objects.apply(body, reference, { fieldManager, force: false, dryRun: false });
      const mine = applied.created || (applied.repeated && wasCreatedBy(applied.object, fieldManager));
      if (mine || (await mayTakeOver(objects, applied.object, settings))) return applied.object;
      // Somebody else created it since it was looked for: give back what the apply has taken.
      await relinquish(objects, reference, fieldManager);
      throw alreadyExists(reference, applied.object);
    } catch (error) {
      // The namespace or the kind was made just before, and not every part of the API server knows yet.
      const early = isNotFound(error) || error instanceof UnknownKindError;
      if (!early || attempt > MISSING_PARENT_RETRIES) throw error;
      request.status(`waiting for what it needs: ${error.message}`);
      await sleep(100 * 2 ** attempt, undefined, { signal: request.signal });
    }
  }
}

/**
 * Finds the object of an interrupted create: the field manager was made for that create alone, so that an object with its
 * fields is the one.
 */
export async function recoverObject(
  { inputs, noted }: RecoverRequest,
  objects: ClusterObjects,
): Promise<CreateResult | undefined> {
  const fieldManager = noted[MEMORY.fieldManager];
  const reference = referenceOf(toObject(inputs));
  if (typeof fieldManager !== 'string') return undefined;
  const live = await objects.get(reference).catch((error: unknown) => {
    // A kind that the cluster does not know has no objects.
    if (error instanceof UnknownKindError) return undefined;
    throw explain(reference, 'read', error);
  });
  if (!live || !isManagedBy(live, fieldManager)) return undefined;
  return { id: objectId(reference.namespace, reference.name), outputs: outputsOf({ live, inputs, fieldManager }) };
}

/** What the object would look like, from a dry run of the API server where that is possible. Changes nothing. */
export async function previewCreate(
  request: CreateRequest,
  objects: ClusterObjects,
  settings: Settings,
): Promise<CreateResult> {
  const { inputs } = request;
  const shown = containsUnknown(inputs) ? undefined : await dryRun(request, objects, settings);
  return { id: '', outputs: previewedOutputs(shown ?? inputs, inputs) };
}

async function dryRun(
  request: CreateRequest,
  objects: ClusterObjects,
  settings: Settings,
): Promise<PropertyMap | undefined> {
  const { inputs } = request;
  const body = toObject(inputs);
  const reference = referenceOf(body);
  const options = { fieldManager: fieldManagerOf(), force: isForced(inputs) };
  try {
    const applied = await tryApply(objects, body, reference, options);
    if (applied.created) return toProperties(applied.object);
    return (await isTakenOver(request, objects, settings, reference)) ? toProperties(applied.object) : undefined;
  } catch (error) {
    if (isConflict(error) || isInvalid(error)) {
      // The answer to an update; what is there tells whether it would be one.
      if ((await objects.get(reference)) && !(await isTakenOver(request, objects, settings, reference)))
        return undefined;
      throw explain(reference, 'create', error, inputs);
    }
    if (isUndecidable(error, request)) return undefined;
    throw explain(reference, 'create', error, inputs);
  }
}

/**
 * What becomes of the object that is there, as the create itself will find it.
 *
 * @returns false where it is gone by then
 * @throws UserError where the create will be refused
 */
async function isTakenOver(
  request: CreateRequest,
  objects: ClusterObjects,
  settings: Settings,
  reference: ObjectReference,
): Promise<boolean> {
  const existing = await objects.get(reference);
  const isOldHalf = existing && request.replaced && textAt(existing, 'metadata', 'uid') === uidOf(request.replaced);
  if (!existing || isOldHalf) return false;
  if (isTerminating(existing)) {
    const message = await terminationOf(existing, reference, objects);
    if (holdsData(reference)) throw new UserError(message);
    request.warn(message);
    return false;
  }
  if (!(await mayTakeOver(objects, existing, settings))) throw alreadyExists(reference, existing);
  request.warn(`${describe(reference)} exists already (${ownerOf(existing).description}) and is taken over`);
  return true;
}

const uidOf = (outputs: PropertyMap) => textAt(toObject(outputs), 'metadata', 'uid');
