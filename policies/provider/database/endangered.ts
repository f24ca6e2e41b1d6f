import type { CheckFailure } from '../check/fields';
import type { PlacementFacts } from './facts';

/**
 * What a change of a database's configuration would lose, each with its key, what it would destroy, and the way to do it
 * on purpose.
 */
export function endangered(old: PlacementFacts, now: PlacementFacts): CheckFailure[] {
  return [otherNetwork, otherStorage, otherNodes, otherSize].flatMap((rule) => rule(old, now));
}

/** Everything of a network bears its name in Pulumi's state: another name is another network. */
function otherNetwork(old: PlacementFacts, now: PlacementFacts): CheckFailure[] {
  if (old.network === now.network) return [];
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

function otherStorage(old: PlacementFacts, now: PlacementFacts): CheckFailure[] {
  const [before, after] = [storageOf(old), storageOf(now)];
  if (before === after) return [];
  const key = `${now.section}.storage`;
  const change = `${key} is ${after} and was ${before}: the volumes of all members would be replaced by empty ones.`;
  const missing = missingSteps(old, now, 'moveStorage');
  if (missing.length === 0) return [];
  return [{ property: 'storage', reason: `${change} Set it back, or move on purpose: ${missing.join('; ')}.` }];
}

/** The order of `nodes` says which member's directory is where. */
function otherNodes(old: PlacementFacts, now: PlacementFacts): CheckFailure[] {
  if (old.localPath === undefined || old.localPath !== now.localPath) return [];
  const [before = [], after = []] = [old.nodes, now.nodes];
  const moved = after.flatMap((node, ordinal) => {
    const former = before[ordinal];
    return former === undefined || former === node ? [] : [{ ordinal, node, former }];
  });
  if (moved.length === 0 || missingSteps(old, now, 'moveStorage').length === 0) return [];
  const key = `${now.section}.nodes`;
  const moves = moved.map(({ ordinal, node, former }) => `member ${ordinal} from ${former} to ${node}`).join(', ');
  const change = `${key} moves ${moves}, away from the directories with their data.`;
  const most = Math.floor((before.length - 1) / 2);
  if (moved.length > most) {
    return [
      {
        property: 'nodes',
        reason:
          `${change} ${most === 0 ? 'No member' : `At most ${most}`} of ${before.length} can lose its data while the others ` +
          `keep a majority. Set it back: new nodes belong at the end of the list, and a node that is lost is replaced in its place.`,
      },
    ];
  }
  const missing = missingSteps(old, now, 'moveMembers');
  if (missing.length === 0) return [];
  return [
    {
      property: 'nodes',
      reason: `${change} Set it back, or, where a node is lost, let the other members fill a new one: ${missing.join('; ')}.`,
    },
  ];
}

function otherSize(old: PlacementFacts, now: PlacementFacts): CheckFailure[] {
  const { section, localPath } = now;
  if (localPath !== old.localPath || old.size.bytes === now.size.bytes) return [];
  const change = `${section}.size is ${now.size.text} and was ${old.size.text}:`;
  if (localPath !== undefined) {
    const reason = `${change} it has no effect on directories of nodes, which are as large as their disks. Set it back.`;
    return [{ property: 'size', reason }];
  }
  if (now.size.bytes > old.size.bytes || missingSteps(old, now, 'moveStorage').length === 0) return [];
  return [
    { property: 'size', reason: `${change} Kubernetes never shrinks a volume. Set it back to ${old.size.text}.` },
  ];
}

/** What has to be done before a change, in order; each but the last by an `up` of its own. */
function missingSteps(old: PlacementFacts, now: PlacementFacts, step: keyof PlacementFacts['unsafe']): string[] {
  const { section } = now;
  // Pods hold on to their volumes: one that is deleted under them hangs until they are gone.
  const stop = step === 'moveStorage' && !(old.stopped && now.stopped);
  return [
    ...(step === 'moveStorage' && stop ? ['take a backup, or copy the data by hand once the members are stopped'] : []),
    ...(old.protect || now.protect ? [`set ${section}.protect: false, and run up`] : []),
    ...(stop ? [`set ${section}.stopped: true, and run up`] : []),
    ...(now.unsafe[step] ? [] : [`set ${section}.unsafe.${step}: true with the change`]),
  ];
}

function storageOf({ storageClass, localPath }: PlacementFacts): string {
  if (localPath !== undefined) return `localPath ${localPath}`;
  return storageClass === undefined ? "the cluster's default StorageClass" : `storageClass ${storageClass}`;
}
