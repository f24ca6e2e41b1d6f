import type { CheckFailure } from '../check/fields';
import type { PlacementFacts } from './facts';
import { otherRelease } from './release';
import { otherRotation } from './rotation';
import { otherTls } from './tls';

/**
 * What a change of a database's configuration would lose, each with its key, what it would destroy, and the way to do it
 * on purpose.
 */
export function endangered(old: PlacementFacts, now: PlacementFacts): CheckFailure[] {
  return [
    otherNetwork,
    otherDomain,
    otherStorage,
    otherNodes,
    otherSize,
    otherRelease,
    otherRotation,
    otherTls,
    lastMember,
  ].flatMap((rule) => rule(old, now));
}

/** Everything of a network bears its name in Pulumi's state: another name is another network. */
function otherNetwork(old: PlacementFacts, now: PlacementFacts): CheckFailure[] {
  // Recorded once, with one of the databases.
  if (old.network === undefined || now.network === undefined || old.network === now.network) return [];
  return [
    {
      property: 'network',
      reason:
        `network.name is "${now.network}" and was "${old.network}": every object of the network, both databases ` +
        `with their data included, would be deleted and made anew. Set it back to ${old.network}. A network of another ` +
        'name is another stack: give it a file of its own in stacks/, and move the data by backup and restore.',
    },
  ];
}

/** The set's own configuration names its members by it, and a member that is not found under its name is none. */
function otherDomain(old: PlacementFacts, now: PlacementFacts): CheckFailure[] {
  const [before, after] = [old, now].map(({ domain = 'cluster.local' }) => domain);
  if (before === after) return [];
  const reason =
    `cluster.domain is ${after} and was ${before}: the members of ${now.section} know each other by names that end in it, and ` +
    `the set would be without a majority. Set it back; a cluster of another domain is another stack, with a backup restored.`;
  return [{ property: 'domain', reason }];
}

function otherStorage(old: PlacementFacts, now: PlacementFacts): CheckFailure[] {
  const [before, after] = [storageOf(old), storageOf(now)];
  const missing = missingForMove(old, now);
  if (before === after || missing.length === 0) return [];
  const change = `${now.section}.storage is ${after} and was ${before}: the volumes of all members would be replaced by empty ones.`;
  return [{ property: 'storage', reason: `${change} Set it back, or move on purpose: ${inOrder(missing)}` }];
}

/** The order of `nodes` says which member's directory is where. */
function otherNodes(old: PlacementFacts, now: PlacementFacts): CheckFailure[] {
  if (old.localPath === undefined || old.localPath !== now.localPath) return [];
  const moved = movedMembers(old.nodes ?? [], now.nodes ?? []);
  if (moved.length === 0 || missingForMove(old, now).length === 0) return [];
  const moves = moved.map(({ ordinal, from, to }) => `member ${ordinal} from ${from} to ${to}`).join(', ');
  const change = `${now.section}.nodes moves ${moves}, away from the directories with their data.`;
  const members = old.nodes?.length ?? 0;
  const most = Math.floor((members - 1) / 2);
  if (moved.length > most) {
    const rule = `${most === 0 ? 'No member' : `At most ${most}`} of ${members} can lose its data while the others keep a majority.`;
    const fix =
      'Set it back: new nodes belong at the end of the list, and a node that is lost is replaced in its place.';
    return [{ property: 'nodes', reason: `${change} ${rule} ${fix}` }];
  }
  const missing = missingForMembers(old, now, moved);
  if (missing.length === 0) return [];
  const fix = `Set it back, or, where a node is lost, have the other members fill a new one: ${inOrder(missing)}`;
  return [{ property: 'nodes', reason: `${change} ${fix}` }];
}

interface MovedMember {
  ordinal: number;
  from: string;
  to: string;
}

/** The members that would begin anew on other nodes; those that join or leave are none. */
export function movedMembers(before: readonly string[], after: readonly string[]): MovedMember[] {
  return after.flatMap((to, ordinal) => {
    const from = before[ordinal];
    return from === undefined || from === to ? [] : [{ ordinal, from, to }];
  });
}

function otherSize(old: PlacementFacts, now: PlacementFacts): CheckFailure[] {
  const { section, localPath } = now;
  if (localPath !== old.localPath || old.size.bytes === now.size.bytes) return [];
  const change = `${section}.size is ${now.size.text} and was ${old.size.text}:`;
  if (localPath !== undefined) {
    const reason = `${change} it has no effect on directories of nodes, which are as large as their disks. Set it back.`;
    return [{ property: 'size', reason }];
  }
  if (now.size.bytes > old.size.bytes || missingForMove(old, now).length === 0) return [];
  return [
    { property: 'size', reason: `${change} Kubernetes never shrinks a volume. Set it back to ${old.size.text}.` },
  ];
}

/** One member is no replica set: nothing survives its disk. */
function lastMember(old: PlacementFacts, now: PlacementFacts): CheckFailure[] {
  const { section, replicas } = now;
  if (replicas !== 1 || old.replicas === undefined || old.replicas < 2 || now.unsafe.singleMember === true) return [];
  const reason =
    `${section}.replicas is 1 and was ${old.replicas}: the data of the network would be on one disk, and away with it. Set 3, ` +
    `or, where that is wanted, ${section}.unsafe.singleMember: true with the change.`;
  return [{ property: 'replicas', reason }];
}

/**
 * What is missing for other storage. Pods hold on to their claims, and claims to their volumes: deleted under them, they hang
 * until these are gone, so that the members have to be stopped first, by an `up` of its own.
 */
function missingForMove(old: PlacementFacts, now: PlacementFacts): string[] {
  const { section, statefulSet, namespace, localPath } = old;
  const stopped = old.stopped && now.stopped;
  const volumes = localPath === undefined ? '' : `; kubectl delete pv -l app=${statefulSet}`;
  const deletion = `${claimDeletion(namespace, `-l app=${statefulSet}`)}${volumes}`;
  return [
    ...(stopped ? [] : ['take a backup (directories of nodes can be copied instead, once the members are stopped)']),
    ...unprotecting(old, now),
    ...(stopped ? [] : [`set ${section}.stopped: true, and run up`]),
    ...(stopped && now.unsafe.moveStorage ? [] : [deletion]),
    ...(now.unsafe.moveStorage ? [] : [`set ${section}.unsafe.moveStorage: true with the change, refresh, and run up`]),
  ];
}

/** What is missing for members to begin anew on other nodes, while the rest of the set runs. */
function missingForMembers(old: PlacementFacts, now: PlacementFacts, moved: readonly MovedMember[]): string[] {
  const { section, statefulSet, namespace } = old;
  if (now.unsafe.moveMembers) return unprotecting(old, now);
  const claims = moved.map(({ ordinal }) => `data-${statefulSet}-${ordinal}`);
  const volumes = moved.map(({ ordinal }) => `${statefulSet}-data-${ordinal}`);
  return [
    ...unprotecting(old, now),
    `kubectl delete node ${moved.map(({ from }) => from).join(' ')}`,
    `${claimDeletion(namespace, claims.join(' '))}; kubectl delete pv ${volumes.join(' ')}`,
    `set ${section}.unsafe.moveMembers: true with the change, refresh, and run up`,
  ];
}

const claimDeletion = (namespace: string, claims: string) => `kubectl -n ${namespace} delete pvc ${claims}`;

const unprotecting = (old: PlacementFacts, now: PlacementFacts) =>
  old.protect || now.protect ? [`set ${now.section}.protect: false, and run up`] : [];

const inOrder = (steps: readonly string[]) => steps.map((step, index) => `(${index + 1}) ${step}`).join('; ') + '.';

/** In words. */
export function storageOf({ storageClass, localPath }: PlacementFacts): string {
  if (localPath !== undefined) return `localPath ${localPath}`;
  return storageClass === undefined ? "the cluster's default StorageClass" : `storageClass ${storageClass}`;
}
