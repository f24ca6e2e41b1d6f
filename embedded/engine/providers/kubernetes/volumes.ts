import { UserError } from '../../../shared/errors';
import { type Json, type JsonMap, at, textAt } from '../../../../kubernetes-api';
import type { ClusterObjects } from './api/objects';
import { type ObjectReference, describe, objectId } from './object';
import { usersOf } from './terminating';

/**
 * Whether a volume waits for nobody: it was bound to a claim that is gone, and remembers it by its uid, so that a new claim of
 * the same name is not let in (kubernetes#91847).
 */
export const isReleased = (live: JsonMap) =>
  live.kind === 'PersistentVolume' &&
  textAt(live, 'status', 'phase') === 'Released' &&
  at(live, 'spec', 'claimRef', 'uid') !== undefined;

/** Lets a claim of the same name have the volume again, with what is stored there. */
export async function freeVolume(objects: ClusterObjects, live: JsonMap): Promise<void> {
  const claimRef = (key: string): Json[] => {
    const value = at(live, 'spec', 'claimRef', key);
    const path = `/spec/claimRef/${key}`;
    // The test refuses the patch if the volume was bound meanwhile.
    return value === undefined
      ? []
      : [
          { op: 'test', path, value },
          { op: 'remove', path },
        ];
  };
  const reference = { apiVersion: 'v1', kind: 'PersistentVolume', name: textAt(live, 'metadata', 'name') };
  await objects.patch(reference, [...claimRef('uid'), ...claimRef('resourceVersion')]);
}

/** Frees the volume that a new claim names, if the claim before it has left it Released. */
export async function freeVolumeFor(objects: ClusterObjects, claim: JsonMap): Promise<void> {
  const name = textAt(claim, 'spec', 'volumeName');
  if (claim.kind !== 'PersistentVolumeClaim' || name === '') return;
  const volume = await objects.get({ apiVersion: 'v1', kind: 'PersistentVolume', name });
  if (!volume || !isReleased(volume)) return;
  const idOf = (object: JsonMap, ...keys: string[]) =>
    objectId(textAt(object, ...keys, 'namespace'), textAt(object, ...keys, 'name'));
  if (idOf(volume, 'spec', 'claimRef') === idOf(claim, 'metadata')) await freeVolume(objects, volume);
}

/**
 * Refuses to delete a claim that pods run with, or a volume that a claim is bound to: the API server would take the order, and
 * leave it half deleted for as long as they live.
 *
 * @throws UserError naming them
 */
export async function refuseIfInUse(objects: ClusterObjects, reference: ObjectReference, why: string): Promise<void> {
  if (!['PersistentVolume', 'PersistentVolumeClaim'].includes(reference.kind)) return;
  const live = await objects.get(reference);
  const users = live ? await usersOf(live, objects) : [];
  if (users.length === 0) return;
  throw new UserError(
    `${describe(reference)} is in use by ${users.join(', ')}: ${why}, and its data would be lost to them. Undo the change; ` +
      'data moves to other storage by new members that copy it, or by a backup and its restore.',
  );
}
