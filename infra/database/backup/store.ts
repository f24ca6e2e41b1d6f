import type { types } from '@pulumi/kubernetes';
import type { S3Config } from '../../config';
import { imagePullPolicy } from '../../workload/image-pull-policy';
import { confined } from '../../workload/security';
import { backupNames } from './names';
import type { BackupTask } from './task';

/** Key of the Secret with what opens the store. */
export const STORE_KEY = 'secretAccessKey';

/** What the container does for a task, before it or, for a backup, after it. */
const STEPS = { backup: 'upload', look: 'list', restore: 'fetch', rehearse: 'fetch' } as const satisfies Record<
  BackupTask['kind'],
  string
>;

/** Moves backups between the pod's volume and the store. rclone has all it needs to know from its environment. */
export function storeContainer(
  database: string,
  s3: S3Config,
  task: BackupTask,
  folders: { backups: string; scripts: string },
): types.input.core.v1.Container {
  const { job, store } = backupNames(database);
  const env: Record<string, string> = {
    // Its file of settings: it has none, and says so at every call where that does not exist.
    RCLONE_CONFIG: '/dev/null',
    HOME: '/tmp',
    DATABASE: database,
    BACKUPS: folders.backups,
    PLACE: s3.place,
    ...(task.kind === 'backup' && { KEEP: `${task.keep}` }),
    ...('backup' in task && { BACKUP: task.backup }),
    RCLONE_CONFIG_STORE_TYPE: 's3',
    RCLONE_CONFIG_STORE_PROVIDER: 'Other',
    RCLONE_CONFIG_STORE_ENDPOINT: s3.endpoint,
    ...(s3.region !== undefined && { RCLONE_CONFIG_STORE_REGION: s3.region }),
    RCLONE_CONFIG_STORE_ACCESS_KEY_ID: s3.accessKeyId,
    // The bucket is there: to make one takes rights that the key need not have.
    RCLONE_CONFIG_STORE_NO_CHECK_BUCKET: 'true',
  };
  return {
    name: `${job}-store`,
    image: s3.image,
    imagePullPolicy: imagePullPolicy(s3.image),
    command: ['sh', `${folders.scripts}/store.sh`, STEPS[task.kind]],
    env: [
      ...Object.entries(env).map(([name, value]) => ({ name, value })),
      {
        name: 'RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY',
        valueFrom: { secretKeyRef: { name: store, key: STORE_KEY } },
      },
    ],
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '512Mi' } },
    securityContext: confined,
    volumeMounts: [
      { name: 'backups', mountPath: folders.backups },
      { name: 'scripts', mountPath: folders.scripts },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
}
