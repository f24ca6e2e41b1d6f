import { UserError } from '../errors';
import { deletionOf } from './deletion';
import { storageOf } from './endangered';
import type { PlacementFacts } from './facts';
import type { LiveData, MemberPod } from './live-data';

/** How many of so many members have to agree to any change of the set. */
const majorityOf = (members: number): number => Math.floor(members / 2) + 1;

/** Whether members are to leave a set that runs. */
export function shrinks(old: PlacementFacts, now: PlacementFacts): boolean {
  return (
    old.replicas !== undefined && now.replicas !== undefined && now.replicas < old.replicas && !isStopped(old, now)
  );
}

/** Whether members are to join. */
export function grows(old: PlacementFacts, now: PlacementFacts): boolean {
  return old.replicas !== undefined && now.replicas !== undefined && now.replicas > old.replicas;
}

const isStopped = (old: PlacementFacts, now: PlacementFacts) => old.stopped || now.stopped;

/**
 * Members leave by the votes of those that there are, and leave the others to go on: without a majority of both, the pods would
 * go, and the set would stand still with members that are no more.
 *
 * @param pods of the set; the readiness of one is its member's
 * @throws UserError if either majority is missing
 */
export function requireMajority(old: PlacementFacts, now: PlacementFacts, pods: readonly MemberPod[]): void {
  const [before = 0, after = 0] = [old.replicas, now.replicas];
  const ready = pods.filter((pod) => pod.isReady && pod.ordinal < before);
  const staying = ready.filter(({ ordinal }) => ordinal < after);
  const missing = [
    ...(ready.length < majorityOf(before)
      ? [`${ready.length} of ${before} are ready, and ${majorityOf(before)} have to agree`]
      : []),
    ...(staying.length < majorityOf(after)
      ? [`of the ${after} that stay ${staying.length} are ready, and ${majorityOf(after)} are needed`]
      : []),
  ];
  if (missing.length === 0) return;
  const { section, namespace, statefulSet } = old;
  throw new UserError(
    `${section}.replicas is ${after} and was ${before}: no member can leave, ${missing.join('; ')}. Nothing was changed. Set ` +
      `it back, and bring the members back first: kubectl -n ${namespace} get pods -l app=${statefulSet} shows them, and ` +
      'docs/operations.md what to do about one that does not come.',
  );
}

/**
 * A member that comes back finds the volume that was kept when it left. One that could not be used is told of before its pod
 * waits for it.
 *
 * @throws UserError naming claims and volumes that are of another place, or being deleted
 */
export function requireUsable(old: PlacementFacts, now: PlacementFacts, { claims, volumes }: LiveData): void {
  const joins = ({ ordinal }: { ordinal: number }) => ordinal >= (old.replicas ?? 0) && ordinal < (now.replicas ?? 0);
  const faults = [
    ...claims.filter(joins).flatMap((claim) => {
      if (claim.isBeingDeleted) return [`${claim.name} is being deleted`];
      const [is, wanted] = [claim.storageClass, now.localPath === undefined ? now.storageClass : ''];
      return wanted === undefined || is === wanted ? [] : [`${claim.name} has storageClass "${is}"`];
    }),
    ...volumes.filter(joins).flatMap(({ name, ordinal, hostname, path, isBeingDeleted }) => {
      if (isBeingDeleted) return [`${name} is being deleted`];
      const [node, directory] = [now.nodes?.[ordinal], `${now.localPath}-${ordinal}`];
      if (now.localPath === undefined || (hostname === node && path === directory)) return [];
      return [`${name} is ${path} on ${hostname}, not ${directory} on ${node}`];
    }),
  ];
  if (faults.length === 0) return;
  const deletion = deletionOf(now, {
    claims: claims.filter(joins).map(({ name }) => name),
    volumes: volumes.filter(joins).map(({ name }) => name),
  });
  throw new UserError(
    `${now.section}.replicas is ${now.replicas} and was ${old.replicas}: what was kept of members that left cannot be used on ` +
      `${storageOf(now)}: ${faults.join('; ')}. Nothing was changed. The other members have all its data: ` +
      `${deletion} makes room, and they fill the new volumes.`,
  );
}
