import type { DatabaseKey } from '../../infra/catalogue';
import type { NetworkConfig } from '../../infra/config';
import type { Cluster } from './api';
import { comparedText, differenceLines, differences } from './compare';
import { runTask, type Say } from './job';
import { look } from './look';
import { choose, type Counts } from './manifest';
import { findPlace } from './place';
import { backupText } from './preview';

/**
 * Restores a backup into a scratch mongod, which nobody else reaches and which goes with its pod, and compares.
 * @param backup its name, or `newest`
 * @returns the exit code: 0 all of it came back, 1 not
 */
export async function rehearse(
  cluster: Cluster,
  config: NetworkConfig,
  { section, backup: wish }: { section: DatabaseKey; backup: string },
  say: Say,
): Promise<number> {
  const place = await findPlace(cluster, config, section);
  say(`Looking at the backups of ${section}`);
  const backup = choose((await look(cluster, place, say)).backups, wish);
  say(`Rehearsing the restore of ${backupText(backup, new Date())}`);
  const { succeeded, told } = await runTask(cluster, place, { kind: 'rehearse', backup: backup.name }, say);
  const counts = told.find(({ word }) => word === 'counts');
  if (!succeeded || counts === undefined) {
    say('The backup could not be restored.');
    return 1;
  }
  const found = differences(backup, JSON.parse(counts.json) as Counts);
  for (const line of differenceLines(found)) say(line);
  if (found.length > 0 || Object.keys(backup.collections).length === 0) {
    say('What came back is not proved to be what was backed up.');
    return 1;
  }
  say(`The backup can be restored: ${comparedText(backup)} came back.`);
  return 0;
}
