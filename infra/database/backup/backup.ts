import { CronJob } from '@pulumi/kubernetes/batch/v1';
import { ConfigMap, PersistentVolumeClaim, Secret, ServiceAccount } from '@pulumi/kubernetes/core/v1';
import type * as pulumi from '@pulumi/pulumi';
import type { BackupConfig, S3Config } from '../../config';
import { objectMeta } from '../../workload/metadata';
import { type Database, volumeOptions } from '../identity';
import { backupNames } from './names';
import { backupPod, type BackupSource } from './pods';
import { backupScripts } from './scripts';
import { STORE_KEY } from './store';

/** Longest that a backup may take, in seconds. */
const DEADLINE_SECONDS = 12 * 60 * 60;

/** How much later than its time a backup is still made, in seconds: while the control plane is away none is. */
const STARTING_DEADLINE_SECONDS = 60 * 60;

/**
 * The scheduled backups of a database, where its configuration has any: a CronJob, where they go to, and what it runs.
 *
 * @param dependsOn what its pods need beside that
 */
export function scheduledBackup(database: Database, source: BackupSource, dependsOn: pulumi.Resource[]): void {
  const { config, namespace, parent } = database;
  const { backup } = config;
  if (backup === undefined) return;
  const { job } = backupNames(database.name);
  const metadata = objectMeta(job, { namespace });
  const account = new ServiceAccount(job, { metadata, automountServiceAccountToken: false }, { parent });
  const scripts = new ConfigMap(job, { metadata, data: backupScripts() }, { parent });
  const template = backupPod(source, { kind: 'backup', keep: backup.keep }, job);
  new CronJob(
    job,
    {
      metadata,
      spec: {
        schedule: backup.schedule,
        timeZone: 'Etc/UTC',
        suspend: config.stopped ?? false,
        concurrencyPolicy: 'Forbid',
        startingDeadlineSeconds: STARTING_DEADLINE_SECONDS,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 3,
        jobTemplate: {
          metadata: { labels: metadata.labels ?? {} },
          spec: { backoffLimit: 1, activeDeadlineSeconds: DEADLINE_SECONDS, template },
        },
      },
    },
    { parent, dependsOn: [account, scripts, target(database, backup), ...dependsOn] },
  );
}

/** What a backup needs of where it goes to. */
function target(database: Database, { to }: BackupConfig): pulumi.Resource {
  return 's3' in to ? storeSecret(database, to.s3) : backupClaim(database, to.volume);
}

function storeSecret({ name, namespace, parent }: Database, { secretAccessKey }: S3Config): Secret {
  const { store } = backupNames(name);
  const stringData = { [STORE_KEY]: secretAccessKey };
  return new Secret(store, { metadata: objectMeta(store, { namespace }), type: 'Opaque', stringData }, { parent });
}

/**
 * The volume that backups go to.
 *
 * It stays when the backups leave the stack, protected or not: what was made to outlive the data is not deleted by a change of
 * the configuration. It goes with its namespace. Of a protected database it is taken back with the backups, too.
 */
function backupClaim(database: Database, volume: { size: string; storageClass?: string }): PersistentVolumeClaim {
  const { namespace, parent } = database;
  const { claim } = backupNames(database.name);
  return new PersistentVolumeClaim(
    claim,
    {
      metadata: objectMeta(claim, {
        namespace,
        // It may stay unbound until the first backup is scheduled.
        annotations: { 'pulumi.com/skipAwait': 'true' },
      }),
      spec: {
        accessModes: ['ReadWriteOnce'],
        ...(volume.storageClass !== undefined && { storageClassName: volume.storageClass }),
        resources: { requests: { storage: volume.size } },
      },
    },
    { parent, ...volumeOptions(database), retainOnDelete: true },
  );
}
