import type { DatabaseKey } from '../../infra/catalogue';
import type { NetworkConfig } from '../../infra/config';
import { UserError } from '../command-line';
import type { Cluster } from './api';
import { type Client, clientsOf, clientText, startClients, stopClients } from './clients';
import { comparedText, differenceLines, differences } from './compare';
import { refuseBeside, runTask, type Say, type Told } from './job';
import { look } from './look';
import { type Backup, choose, type Counts } from './manifest';
import { findPlace, type Place, withBackupsOf } from './place';
import { previewText } from './preview';

/** What is to be restored, and who is asked first. */
export interface Wish {
  readonly section: DatabaseKey;
  /** A backup's name, or `newest`. */
  readonly backup: string;
  /** The stack that the backup is of, where it is another. */
  readonly from?: NetworkConfig;
  /** Whether to go on, once the preview was said. */
  readonly confirm: () => Promise<boolean>;
}

/** What restore.sh says before it begins to change the database. */
const BEGINS = 'Restoring backup';

/**
 * Restores a database: says what it would do, asks, stops the services that use it, restores, and starts them again.
 *
 * Where the restore fails halfway the services stay stopped: on half of the data they would do more harm than by being away. The
 * same command goes on from there.
 * @returns the exit code: 0 restored, 1 not, or not as it was
 */
export async function restore(cluster: Cluster, config: NetworkConfig, wish: Wish, say: Say): Promise<number> {
  const own = await findPlace(cluster, config, wish.section);
  const place = wish.from ? withBackupsOf(own, config, wish.from) : own;
  await refuseBeside(cluster, place, ['backup', 'restore']);
  say(
    `Looking at the backups of ${wish.section}${wish.from ? ` of stack ${wish.from.stack}` : ''} and at what is there now`,
  );
  const { backups, now } = await look(cluster, place, say);
  const backup = choose(backups, wish.backup);
  if (now === undefined)
    throw new UserError(
      `the database ${wish.section} does not answer: it has to run, empty or not, to be restored (make verify STACK=${config.stack})`,
    );
  const clients = await clientsOf(cluster, place);
  const { context } = config.cluster;
  say('');
  say(previewText({ stack: config.stack, context, section: wish.section, backup, now, clients }, new Date()));
  if (!(await wish.confirm())) {
    say('Nothing was changed.');
    return 1;
  }
  await stopClients(cluster, place, clients, say);
  const ended = await runTask(cluster, place, { kind: 'restore', backup: backup.name }, say);
  return ended.succeeded
    ? afterwards(cluster, { place, clients, backup }, ended, say)
    : afterFailure(cluster, { place, clients }, ended, say);
}

interface Stopped {
  readonly place: Place;
  readonly clients: readonly Client[];
}

async function afterwards(cluster: Cluster, parts: Stopped & { backup: Backup }, { told }: Told, say: Say) {
  const { place, clients, backup } = parts;
  await startClients(cluster, place, clients);
  if (clients.length > 0) say(`Started again: ${clientText(clients)}`);
  const counts = told.find(({ word }) => word === 'counts');
  const found = differences(backup, JSON.parse(counts?.json ?? '{}') as Counts);
  for (const line of differenceLines(found)) say(line);
  if (found.length > 0) {
    say('The restore is done, and not all of it is as it was backed up.');
    return 1;
  }
  say(`Restored: ${comparedText(backup)}, as they were backed up.`);
  return 0;
}

async function afterFailure(cluster: Cluster, { place, clients }: Stopped, { said }: Told, say: Say): Promise<number> {
  if (!said.some((line) => line.startsWith(BEGINS))) {
    await startClients(cluster, place, clients);
    say('The restore failed before it changed anything; the services run again.');
    return 1;
  }
  say('The restore failed halfway, and the services stay stopped. The same command repeats it from the beginning;');
  say('`make refresh` and `make up` start the services on what is there now.');
  return 1;
}
