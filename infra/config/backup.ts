import { z } from 'zod';
import { parseCron } from './cron';
import { storageQuantity } from './quantity';
import { httpUrl, imageReference, objectName, text } from './scalars';

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

const s3 = z.strictObject({
  endpoint: httpUrl
    .meta({ examples: ['https://s3.example.org'] })
    .describe('Address of the S3-compatible store. Pods of the database have to reach it.'),
  bucket: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, {
      error: 'must be the name of a bucket: 3 to 63 lower case letters, digits, hyphens and dots',
    })
    .meta({ examples: ['aios-backups'] })
    .describe('Bucket; it has to exist.'),
  prefix: z
    .string()
    .regex(/^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/, {
      error: 'must be a path in the bucket, without a slash at its beginning or end',
    })
    .exactOptional()
    .meta({ examples: ['prod/registry'] })
    .describe('Where in the bucket. Default: the name of the stack.'),
  region: text.exactOptional().describe('Region, where the store wants one.'),
  accessKeyId: text.describe('Id of the access key. It reads, writes, lists and deletes below the prefix.'),
  secretAccessKey: text
    .meta({ secret: true })
    .describe(
      "The access key, encrypted: pulumi config set --path --secret 'registry.backup.to.s3.secretAccessKey' (or metrics…).",
    ),
  image: imageReference
    .prefault('rclone/rclone:1.68.2')
    .meta({ examples: ['rclone/rclone:1.68.2'] })
    .describe('Image with rclone, which moves backups to and from the store.'),
});

/** Key `backup.to.s3` as the schema leaves it. */
export type S3Section = z.infer<typeof s3>;

/** Where backups go: to one of the two. */
type BackupTarget = { volume: z.infer<typeof volume> } | { s3: S3Section };

const target = z
  .strictObject({
    volume: volume.exactOptional().describe('A volume in the cluster.'),
    s3: s3.exactOptional().describe('An S3-compatible store.'),
  })
  .refine((value) => (value.volume === undefined) !== (value.s3 === undefined), {
    error: 'must be either a volume or an s3 store',
    params: { fix: 'give one of the two, for example volume: {}' },
  })
  .transform(({ volume: own = {} as z.infer<typeof volume>, s3: store }): BackupTarget =>
    store === undefined ? { volume: own } : { s3: store },
  );

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
  to: target.describe('Where backups go.'),
});

/** Key `backup` as the schema leaves it. */
export type BackupSection = z.infer<typeof backupSchema>;
