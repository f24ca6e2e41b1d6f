import { secret } from '@pulumi/pulumi';
import type { BackupSection } from '../backup';
import type { BackupConfig } from '../network-config';
import type { Images } from './images';

/** Key `backup` of a database, with where in a store its backups are and what moves them there. */
export function resolveBackup({ schedule, keep, to }: BackupSection, images: Images, stack: string): BackupConfig {
  if ('volume' in to) return { schedule, keep, to };
  const { endpoint, region, accessKeyId, secretAccessKey, bucket, prefix = stack, image } = to.s3;
  const s3 = {
    endpoint,
    ...(region !== undefined && { region }),
    place: `${bucket}/${prefix}`,
    accessKeyId,
    secretAccessKey: secret(secretAccessKey),
    image: images.public(image),
  };
  return { schedule, keep, to: { s3 } };
}
