import { randomBytes } from 'node:crypto';
import type { DatabaseKey } from '../../infra/catalogue';
import type { NetworkConfig } from '../../infra/config';
import { mapAt, textAt } from '../../kubernetes-api';
import type { Cluster } from './api';
import { follow, refuseBeside, type Say } from './job';
import { parseManifest } from './manifest';
import { findPlace, paths, uidOf } from './place';
import { backupText } from './preview';

/**
 * Makes a backup now, as the CronJob would.
 * @returns the exit code: 0 made, 1 not
 */
export async function backupNow(
  cluster: Cluster,
  config: NetworkConfig,
  section: DatabaseKey,
  say: Say,
): Promise<number> {
  const place = await findPlace(cluster, config, section);
  await refuseBeside(cluster, place, ['backup', 'restore']);
  const { namespace, cronJob } = place;
  const cronJobName = textAt(cronJob, 'metadata', 'name');
  const name = `${cronJobName}-${randomBytes(3).toString('hex')}`;
  const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: cronJobName, uid: uidOf(cronJob), controller: true };
  await cluster.create(paths.jobs(namespace), {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      ...mapAt(cronJob, 'spec', 'jobTemplate', 'metadata'),
      name,
      namespace,
      // As kubectl marks what it makes of a CronJob; the controller then counts it and notes its success.
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
      ownerReferences: [owner],
    },
    spec: mapAt(cronJob, 'spec', 'jobTemplate', 'spec'),
  });
  say(`Job ${namespace}/${name} makes a backup`);
  const { succeeded, told } = await follow(cluster, namespace, name, say);
  const manifest = told.findLast(({ word }) => word === 'backup');
  const backup = manifest && parseManifest(manifest.json);
  if (!succeeded || backup === undefined) {
    say('No backup was made; the older ones are as they were.');
    return 1;
  }
  say(`Made ${backupText(backup, new Date())}`);
  return 0;
}
