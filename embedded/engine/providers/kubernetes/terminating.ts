import { UserError } from '../../../shared/errors';
import { type JsonMap, at, listAt, numberAt, textAt } from '../../../../kubernetes-api';
import type { ClusterObjects } from './api/objects';
import { ready, waiting } from './await/awaiter';
import { type WaitingCall, poll } from './await/poll';
import { type ObjectReference, describe, referenceOf } from './object';
import { holdsData } from './owner';

/** Somebody has asked for the object's deletion: that cannot be taken back, it goes as soon as nothing holds it. */
export const isTerminating = (live: JsonMap) => at(live, 'metadata', 'deletionTimestamp') !== undefined;

const meanings: Record<string, string> = {
  foregroundDeletion: 'what it owns is deleted first',
  kubernetes: 'what is in it is deleted first',
  'kubernetes.io/pvc-protection': 'a pod still uses the claim',
  'kubernetes.io/pv-protection': 'a claim is still bound to the volume',
};

/** What holds an object that is to go, by its finalizers, the pods that use it and, of a namespace, its conditions. */
async function whatHolds(live: JsonMap, objects: ClusterObjects): Promise<string> {
  const finalizers = [...listAt(live, 'metadata', 'finalizers'), ...listAt(live, 'spec', 'finalizers')].map(String);
  const named = finalizers.map((name) => (meanings[name] === undefined ? name : `${name} (${meanings[name]})`));
  const conditions = listAt(live, 'status', 'conditions')
    .filter(
      (condition) => /Deletion|Remaining/.test(textAt(condition, 'type')) && textAt(condition, 'status') === 'True',
    )
    .map((condition) => textAt(condition, 'message'));
  const replicas = numberAt(live, 'status', 'replicas');
  const users = await usersOf(live, objects).catch(() => []);
  return [
    named.length > 0 ? `held by ${named.join(', ')}` : 'pods end',
    ...(users.length > 0 ? [`used by ${users.join(', ')}`] : []),
    ...(replicas > 0 ? [`${replicas} pods left`] : []),
    ...conditions,
  ].join('; ');
}

/** What would lose its data with a claim or a volume: pods that run with the claim, the claim that is bound to the volume. */
export async function usersOf(live: JsonMap, objects: ClusterObjects): Promise<string[]> {
  const [name, namespace] = [textAt(live, 'metadata', 'name'), textAt(live, 'metadata', 'namespace')];
  if (live.kind === 'PersistentVolume') {
    const claim = await boundClaim(live, objects);
    return claim ? [describe(referenceOf(claim))] : [];
  }
  if (live.kind !== 'PersistentVolumeClaim') return [];
  const pods = await objects.list({ apiVersion: 'v1', kind: 'Pod', namespace });
  const claimsOf = (pod: JsonMap) =>
    listAt(pod, 'spec', 'volumes').map((volume) => textAt(volume, 'persistentVolumeClaim', 'claimName'));
  const runs = (pod: JsonMap) =>
    !isTerminating(pod) && !['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase'));
  return pods
    .filter((pod) => runs(pod) && claimsOf(pod).includes(name))
    .map((pod) => `pod ${namespace}/${textAt(pod, 'metadata', 'name')}`);
}

/** The claim that a volume is bound to, unless it goes too. A volume says that it is bound for a while after its claim has gone. */
async function boundClaim(volume: JsonMap, objects: ClusterObjects): Promise<JsonMap | undefined> {
  const [name, namespace] = ['name', 'namespace'].map((key) => textAt(volume, 'spec', 'claimRef', key));
  if (!name || namespace === undefined) return undefined;
  const claim = await objects.get({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace });
  const isBound = claim && textAt(claim, 'metadata', 'uid') === textAt(volume, 'spec', 'claimRef', 'uid');
  return isBound && !isTerminating(claim) ? claim : undefined;
}

/** That the object is being deleted, what holds it, and the way back. */
export async function terminationOf(
  live: JsonMap,
  reference: ObjectReference,
  objects: ClusterObjects,
): Promise<string> {
  const since = textAt(live, 'metadata', 'deletionTimestamp');
  const holders = await whatHolds(live, objects);
  return `${describe(reference)} is being deleted since ${since}, which cannot be taken back: ${holders}. ${await wayBack(live, reference, objects)}`;
}

async function wayBack(live: JsonMap, reference: ObjectReference, objects: ClusterObjects): Promise<string> {
  switch (reference.kind) {
    case 'Namespace':
      return 'Everything in it is deleted too. Wait until it is gone, then refresh, and up makes it and what was in it anew.';
    case 'PersistentVolume':
      return 'The volume goes once its claim does. Then refresh, and up makes it anew; what is stored behind a volume that retains stays where it is.';
    case 'PersistentVolumeClaim':
      return `${await fateOfData(live, objects)} The claim goes once no pod uses it: delete its pod when the other members are well, then refresh, and up makes the claim anew.`;
    default:
      return 'Once it is gone, it is made anew.';
  }
}

async function fateOfData(claim: JsonMap, objects: ClusterObjects): Promise<string> {
  const name = textAt(claim, 'spec', 'volumeName');
  const reference = { apiVersion: 'v1', kind: 'PersistentVolume', name };
  const volume = name === '' ? undefined : await objects.get(reference).catch(() => undefined);
  if (!volume) return '';
  if (textAt(volume, 'spec', 'persistentVolumeReclaimPolicy') !== 'Delete') return `Its data stays in volume ${name}.`;
  const patch = `kubectl patch pv ${name} -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'`;
  return `Its data will be deleted with volume ${name}: keep it with ${patch}.`;
}

/**
 * Waits until an object that is being deleted is gone, so that it can be made anew.
 *
 * @throws UserError at once for what holds data, and for others when time is up
 */
export async function awaitEnd(
  call: WaitingCall,
  objects: ClusterObjects,
  reference: ObjectReference,
  live: JsonMap,
): Promise<void> {
  if (holdsData(reference)) throw new UserError(await terminationOf(live, reference, objects));
  const reason = await waitUntilGone(call, objects, reference, textAt(live, 'metadata', 'uid'));
  if (reason !== undefined) throw new UserError(`${describe(reference)} is being deleted, and ${reason}`);
}

/** @returns why it is still there, where time is up or the user has interrupted */
export function waitUntilGone(
  call: WaitingCall,
  objects: ClusterObjects,
  reference: ObjectReference,
  uid: string,
): Promise<string | undefined> {
  return poll(call, async () => {
    const live = await objects.get(reference, { retries: 0 });
    const isGone = !live || (uid !== '' && textAt(live, 'metadata', 'uid') !== uid);
    return isGone ? ready : waiting(`not gone yet: ${await whatHolds(live, objects)}`);
  });
}
