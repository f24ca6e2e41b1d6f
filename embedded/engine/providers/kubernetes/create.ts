import { setTimeout as sleep } from 'node:timers/promises';
import { PropertyMap, containsUnknown } from '../../values/value';
import { CreateRequest, CreateResult, InitError, RecoverRequest } from '../provider';
import { ApiError, JsonMap, isConflict, isForbidden, isInvalid, isNotFound } from '../../../shared/kubernetes';
import { ClusterObjects, UnknownKindError } from './api/objects';
import { isForced, migrateOwnUpdates, relinquish, tryApply } from './apply';
import { waitUntilReady } from './await/await-ready';
import { alreadyExists, explain } from './errors';
import { fieldManagerOf, isManagedBy, managedFieldsOf, managersOf, wasCreatedBy } from './field-managers';
import { ObjectReference, describe, objectId, referenceOf, toObject, toProperties } from './object';
import { memory, outputsOf, previewedOutputs } from './outputs';
import { Settings } from './settings';

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
    const existing = await objects.get(reference);
    if (existing && !settings.upsertExistingObjects) throw alreadyExists(reference, existing);
    await request.noteIntent({ [memory.fieldManager]: fieldManager });
    if (existing) return await takeOver(objects, existing, creation, isForced(inputs));
    return await createNew(request, objects, creation, settings);
  } catch (error) {
    throw explain(reference, 'create', error, inputs);
  }
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

const missingParentRetries = 5;

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
      if (mine || settings.upsertExistingObjects) return applied.object;
      // Somebody else created it since it was looked for: give back what the apply has taken.
      await relinquish(objects, reference, fieldManager);
      throw alreadyExists(reference, applied.object);
    } catch (error) {
      // The namespace or the kind was made just before, and not every part of the API server knows yet.
      const early = isNotFound(error) || error instanceof UnknownKindError;
      if (!early || attempt > missingParentRetries) throw error;
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
  const fieldManager = noted[memory.fieldManager];
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
  objects: ClusterObjects | undefined,
  settings: Settings,
): Promise<CreateResult> {
  const { inputs } = request;
  const shown = objects && !containsUnknown(inputs) ? await dryRun(request, objects, settings) : undefined;
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
  const options = { fieldManager: fieldManagerOf(), force: settings.upsertExistingObjects };
  try {
    const applied = await tryApply(objects, body, reference, options);
    if (applied.created || settings.upsertExistingObjects) return toProperties(applied.object);
    warnOfExisting(request, reference, applied.object, options.fieldManager);
    return undefined;
  } catch (error) {
    if (isConflict(error) || isInvalid(error)) {
      const existing = await objects.get(reference);
      if (!existing) throw explain(reference, 'create', error, inputs);
      warnOfExisting(request, reference, existing, options.fieldManager);
      return undefined;
    }
    if (isUndecidable(error)) return undefined;
    throw explain(reference, 'create', error, inputs);
  }
}

/**
 * The object that is there may be the old half of a replacement, which goes first; then pulumi made it. Any other is
 * probably in the way.
 */
function warnOfExisting(request: CreateRequest, reference: ObjectReference, existing: JsonMap, own: string): void {
  const others = managedFieldsOf(existing).filter(({ manager }) => manager !== own);
  if (others.some(({ manager }) => manager.startsWith('pulumi-'))) return;
  const names = managersOf({ metadata: { managedFields: others.map(({ entry }) => entry) } });
  request.warn(
    `${describe(reference)} already exists, made by ${names}: unless this run deletes it first, its creation will be refused`,
  );
}

/** A dry run cannot tell: what the object needs is made in the same run, or the user may only read. */
export function isUndecidable(error: unknown): boolean {
  if (isNotFound(error) || isForbidden(error) || error instanceof UnknownKindError) return true;
  return error instanceof ApiError && error.code === 400 && error.message.includes('does not support dry run');
}
