import { z } from 'zod';
import { parseCron } from './cron';
import { storageQuantity } from './quantity';
import { objectName } from './scalars';

const schedule = z
  .string()
  .check((ctx) => {
    const parsed = parseCron(ctx.value);
    if (typeof parsed === 'string') ctx.issues.push({ code: 'custom', input: ctx.value, message: parsed });
  })
  .meta({ examples: ['0 2 * * *'] });

const volume = z.strictObject({
  size: storageQuantity
    .prefault('10Gi')
    .describe('Size of the volume: room for `keep` backups and one more, each as large as the data, compressed.'),
  storageClass: objectName
    .exactOptional()
    .meta({ examples: ['standard'] })
    .describe(
      "StorageClass of the volume, best on other disks than the members'. Default: the cluster's default StorageClass.",
    ),
});

/** Key `backup` of sections `registry` and `metrics`. */
export const backupSchema = z.strictObject({
  schedule: schedule.prefault('0 2 * * *').describe('When a backup is made: a cron schedule in UTC.'),
  keep: z
    .int()
    .min(1, { error: 'must be at least 1: without any there is nothing to restore' })
    .max(1000, { error: 'must be at most 1000' })
    .prefault(7)
    .meta({ examples: [7] })
    .describe('Backups that are kept; older ones go once a new one has been read back whole.'),
  to: z.strictObject({ volume: volume.describe('A volume in the cluster.') }).describe('Where backups go.'),
});
