import { UserError } from '../command-line';
import type { Cluster } from './api';
import { runTask, type Say } from './job';
import { type Backup, type Counts, parseManifest } from './manifest';
import type { Place } from './place';

/** What there is to restore, and what is there now. */
export interface Seen {
  readonly backups: readonly Backup[];
  /** Undefined where the database does not answer. */
  readonly now: Counts | undefined;
}

/** Looks at the backups and the database, by a Job that changes nothing. @throws UserError if it failed */
export async function look(cluster: Cluster, place: Place, say: Say): Promise<Seen> {
  const { succeeded, told } = await runTask(cluster, place, { kind: 'look' }, say);
  if (!succeeded) throw new UserError('the backups could not be looked at: what the Job said is above');
  const of = (word: string) => told.filter((one) => one.word === word).map(({ json }) => json);
  const [counts] = of('counts');
  return {
    backups: of('backup').flatMap((json) => parseManifest(json) ?? []),
    now: counts === undefined ? undefined : (JSON.parse(counts) as Counts),
  };
}
