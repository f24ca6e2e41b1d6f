import { UserError } from '../command-line';

/** How many documents each collection has, by `database.collection`. */
export type Counts = Readonly<Record<string, number>>;

/** A backup, as infra/database/backup/scripts/backup.sh tells it beside its archive. */
export interface Backup {
  readonly name: string;
  /** The moment that it restores. */
  readonly takenAt: Date;
  readonly bytes: number;
  /** Version of the MongoDB that it was taken from. */
  readonly server: string;
  /** Writes while it was taken, which are replayed after its collections. */
  readonly oplogEntries: number;
  /** As the collections were dumped, before the oplog. */
  readonly collections: Counts;
}

/** Reads a manifest; undefined for what is none that this version knows. */
export function parseManifest(text: string): Backup | undefined {
  try {
    const { format, takenAt, ...rest } = JSON.parse(text) as Omit<Backup, 'takenAt'> & {
      format: number;
      takenAt: string;
    };
    return format === 1 ? { ...rest, takenAt: new Date(takenAt) } : undefined;
  } catch {
    return undefined;
  }
}

/** What stands for the last backup that was made. */
export const NEWEST = 'newest';

/**
 * The backup that is wished for.
 * @param wish its name, or {@link NEWEST}
 * @throws UserError that names those that there are
 */
export function choose(backups: readonly Backup[], wish: string): Backup {
  const sorted = backups.toSorted((a, b) => Number(b.takenAt) - Number(a.takenAt));
  const [newest] = sorted;
  if (newest === undefined) throw new UserError('there is no backup yet: make one with `make backup`');
  const found = wish === NEWEST ? newest : sorted.find(({ name }) => name === wish);
  if (found) return found;
  const known = sorted.map(({ name }) => name);
  throw new UserError(`there is no backup ${wish}: use ${NEWEST} or one of ${known.join(', ')}`);
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];

/** `1.2 GiB` */
export function sizeText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const value = bytes / 2 ** (10 * power);
  return `${power === 0 ? value : value.toFixed(1)} ${UNITS[power] ?? ''}`;
}

const AGES = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** `3 hours`, in the largest unit of which there are at least two. */
export function ageText(then: Date, now: Date): string {
  const seconds = Math.max(0, (Number(now) - Number(then)) / 1000);
  const [unit, length] = AGES.find(([, of]) => seconds >= 2 * of) ?? ['second', 1];
  const count = Math.floor(seconds / length);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
