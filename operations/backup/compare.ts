import type { Backup, Counts } from './manifest';

/** A collection of which there are not as many documents as there were. */
export interface Difference {
  readonly collection: string;
  readonly backedUp: number;
  /** Undefined: the collection is not there. */
  readonly restored: number | undefined;
}

/** The collections that can be compared: MongoDB keeps its own accounts in the others. */
const isCompared = (collection: string) => !/^config\.|^admin\.system\.(?!users$|roles$)/.test(collection);

/** Users that the stack has and the backup had not are made right after. */
const isExpected = (collection: string, backedUp: number, restored: number) =>
  collection === 'admin.system.users' ? restored >= backedUp : restored === backedUp;

/**
 * Where what was restored has other numbers of documents than what was backed up.
 *
 * What was written while the backup was taken is replayed after the collections: each entry of that oplog can make a difference of
 * one. The first was there before, mongodump begins with it. Only differences beyond that are told; a collection that is dropped during
 * a backup is one, and the next backup is another.
 */
export function differences({ collections, oplogEntries }: Backup, restored: Counts): Difference[] {
  const all = Object.entries(collections)
    .filter(([collection]) => isCompared(collection))
    .map(([collection, backedUp]) => ({ collection, backedUp, restored: restored[collection] }))
    // What was dumped empty need not be there.
    .filter(({ collection, backedUp, restored: found = 0 }) => !isExpected(collection, backedUp, found));
  const distance = all.reduce((sum, { backedUp, restored: found = 0 }) => sum + Math.abs(backedUp - found), 0);
  return distance <= Math.max(0, oplogEntries - 1) ? [] : all;
}

/** A line for each difference. */
export function differenceLines(found: readonly Difference[]): string[] {
  return found.map(
    ({ collection, backedUp, restored }) =>
      `≠ ${collection}: ${backedUp} documents were backed up, ${restored ?? 'none'} restored`,
  );
}

/** How many collections, and documents in them, were compared. */
export function comparedText({ collections }: Backup): string {
  const compared = Object.entries(collections).filter(([collection]) => isCompared(collection));
  const documents = compared.reduce((sum, [, count]) => sum + count, 0);
  return `${compared.length} collections with ${documents} documents`;
}
