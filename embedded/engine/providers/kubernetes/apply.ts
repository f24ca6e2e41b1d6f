import { setTimeout as sleep } from 'node:timers/promises';
import type { PropertyMap } from '../../values/value';
import { type JsonMap, at, isConflict, isInvalid, isNotFound, mapAt, textAt } from '../../../../kubernetes-api';
import type { Applied, ApplyOptions, ClusterObjects } from './api/objects';
import { ANNOTATIONS, annotation, hasAnnotation } from './annotations';
import { fieldConflicts } from './errors';
import { adoptOwnUpdates, fieldManagerOf, isOwnManager, isManagedBy } from './field-managers';
import { type ObjectReference, referenceOf, toObject } from './object';

/** What is applied for inputs, whose secrets it shows, and how; by the field manager of the state, or a new one. */
export function applicationOf(inputs: PropertyMap, state: PropertyMap = {}) {
  const body = toObject(inputs);
  const force = hasAnnotation(inputs, ANNOTATIONS.patchForce);
  const fieldManager = annotation(inputs, ANNOTATIONS.patchFieldManager) ?? fieldManagerOf(state);
  return { body, reference: referenceOf(body), options: { fieldManager, force } };
}

/** The body of an apply that is refused if the object is another one by now, or none. */
export function boundTo(body: JsonMap, live: JsonMap): JsonMap {
  return { ...body, metadata: { ...mapAt(body, 'metadata'), uid: at(live, 'metadata', 'uid') ?? null } };
}

/**
 * Shows what an apply would do. Fields that an earlier release owns by an update are no conflict: the real apply takes them
 * over first.
 */
export async function tryApply(objects: ClusterObjects, body: JsonMap, options: ApplyOptions): Promise<Applied> {
  try {
    return await objects.apply(body, { ...options, dryRun: true });
  } catch (error) {
    const conflicts = isConflict(error) ? fieldConflicts(error) : [];
    const own = conflicts.filter(({ manager }) => isOwnManager(manager, options.fieldManager));
    if (conflicts.length === 0 || own.length < conflicts.length) throw error;
    return objects.apply(body, { ...options, force: true, dryRun: true });
  }
}

const MIGRATION_ATTEMPTS = 8;

/** Turns fields that pulumi owns by updates into applied ones; see `adoptOwnUpdates`. */
export async function migrateOwnUpdates(
  objects: ClusterObjects,
  live: JsonMap,
  reference: ObjectReference,
  fieldManager: string,
): Promise<void> {
  let current: JsonMap | undefined = live;
  for (let attempt = 1; current; attempt++) {
    const patch = adoptOwnUpdates(current, fieldManager);
    if (!patch) return;
    try {
      await objects.patch(reference, patch);
      return;
    } catch (error) {
      if (!(isConflict(error) || isInvalid(error)) || attempt >= MIGRATION_ATTEMPTS) throw error;
      // Controllers write status all the time: the object has changed since it was read.
      await sleep(20 * attempt);
      current = await objects.get(reference);
    }
  }
}

/** Gives up all fields that the manager applied: those that nobody else owns are removed from the object. */
export async function relinquish(
  objects: ClusterObjects,
  reference: ObjectReference,
  fieldManager: string,
  uid?: string,
): Promise<void> {
  const live = await objects.get(reference);
  const isOther = uid !== undefined && uid !== '' && uid !== textAt(live, 'metadata', 'uid');
  if (!live || isOther || !isManagedBy(live, fieldManager)) return;
  const { apiVersion, kind, namespace, name } = reference;
  const empty = { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } };
  try {
    await objects.apply(boundTo(empty, live), { fieldManager, force: false });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
