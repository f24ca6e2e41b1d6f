import { UserError } from '../errors';
import { deletionOf } from './deletion';
import { movedMembers, storageOf } from './endangered';
import type { PlacementFacts } from './facts';
import type { LiveClaim, LiveData, LiveVolume } from './live-data';

/**
 * Refuses to record another place for as long as the data is in the one before: pods hold on to claims, and claims to
 * volumes. What is recorded is taken for done, by a run that goes on where another one was killed, too.
 *
 * @throws UserError naming what is still there, and how it goes
 */
export function requireGone(old: PlacementFacts, now: PlacementFacts, { claims, volumes }: LiveData): void {
  const isOld = isOfOldPlace(old, now, volumes);
  const oldClaims = claims.filter(isOld.claim);
  const oldVolumes = volumes.filter(isOld.volume);
  const left = [...oldClaims, ...oldVolumes];
  if (left.length === 0) return;
  const { section } = old;
  const shown = left.map(({ name, isBeingDeleted }) => (isBeingDeleted ? `${name} (being deleted)` : name)).join(', ');
  const deletion = deletionOf(old, { claims: oldClaims.map(nameOf), volumes: oldVolumes.map(nameOf) });
  throw new UserError(
    `${section}: of the place before there is still ${shown}: nothing was changed. Have a copy of the data, then ` +
      `${deletion}. What is being deleted goes once no pod uses it. Then refresh, and run up again.`,
  );
}

/** What a change of place has to find gone; what was made anew in the new place may be there. */
function isOfOldPlace(old: PlacementFacts, now: PlacementFacts, volumes: LiveVolume[]) {
  const moved = new Set(movedMembers(old.nodes ?? [], now.nodes ?? []).map(({ ordinal }) => ordinal));
  if (storageOf(old) === storageOf(now)) {
    // The others run meanwhile: a member's claim is made anew by its controller, and waits for its volume.
    const isMoved = (member: LiveClaim | LiveVolume) => moved.has(member.ordinal) && now.localPath !== undefined;
    const shrinks = now.localPath === undefined && now.size.bytes < old.size.bytes;
    return {
      claim: (claim: LiveClaim) =>
        isMoved(claim) ? claim.isBeingDeleted : shrinks && (claim.isBeingDeleted || claim.size !== now.size.text),
      volume: (volume: LiveVolume) =>
        isMoved(volume) && (volume.isBeingDeleted || volume.hostname !== now.nodes?.[volume.ordinal]),
    };
  }
  const isNewVolume = ({ path, ordinal, isBeingDeleted }: LiveVolume) =>
    !isBeingDeleted && now.localPath !== undefined && path === `${now.localPath}-${ordinal}`;
  const isNewClaim = ({ storageClass, ordinal }: LiveClaim) => {
    if (now.localPath !== undefined) {
      const volume = volumes.find((one) => one.ordinal === ordinal);
      return storageClass === '' && volume !== undefined && isNewVolume(volume);
    }
    if (now.storageClass !== undefined) return storageClass === now.storageClass;
    return storageClass !== '' && storageClass !== old.storageClass;
  };
  return {
    claim: (claim: LiveClaim) => claim.isBeingDeleted || !isNewClaim(claim),
    volume: (volume: LiveVolume) => !isNewVolume(volume),
  };
}

const nameOf = ({ name }: { name: string }) => name;
