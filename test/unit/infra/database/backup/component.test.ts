import type { types } from '@pulumi/kubernetes';
import { MongoReplicaSet } from '../../../../../infra/database/mongo-replica-set';
import { networkConfig } from '../../../../network-config';
import { maskSecrets, type Registration, runProgram, SECRET_KEY } from '../../../../pulumi-mocks';

const BACKUP = { schedule: '30 3 * * *', keep: 5, to: { volume: { size: '20Gi', storageClass: 'slow' } } };

async function register(
  section: Record<string, unknown> = { backup: BACKUP },
  secretKeys: string[] = [],
): Promise<Registration[]> {
  const { resources } = await runProgram(() => {
    new MongoReplicaSet('registry', {
      namespace: 'registries',
      config: networkConfig({ registry: section }, secretKeys).registry,
      nodeLabels: { registry: 'yes' },
      clients: { 'blocks-db': { databases: ['blocks'] } },
      clientLabels: { client: 'true' },
      imagePullSecrets: ['pull'],
    });
  });
  return resources;
}

function find(resources: readonly Registration[], kind: string, name: string): Registration {
  const found = resources.find((resource) => resource.inputs.kind === kind && resource.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found;
}

const cronJobIn = (resources: readonly Registration[]) =>
  find(resources, 'CronJob', 'registry-backup').inputs.spec as types.output.batch.v1.CronJobSpec;

test('without the key nothing more is made', async () => {
  const resources = await register({});
  expect(resources.filter(({ name }) => name.includes('backup'))).toEqual([]);
});

test('backups are made one at a time, in UTC, and end', async () => {
  expect(cronJobIn(await register())).toMatchObject({
    schedule: '30 3 * * *',
    timeZone: 'Etc/UTC',
    concurrencyPolicy: 'Forbid',
    suspend: false,
    jobTemplate: { spec: { activeDeadlineSeconds: 43_200 } },
  });
  expect(cronJobIn(await register({ backup: BACKUP, stopped: true })).suspend).toBe(true);
});

test('a backup’s pod may connect, has one password as a file, no token, and nothing that it could change', async () => {
  const { template } = cronJobIn(await register()).jobTemplate.spec;
  const [container] = template.spec.containers;
  expect(template.metadata.labels).toMatchObject({ app: 'registry-backup', client: 'true' });
  expect(template.spec).toMatchObject({
    automountServiceAccountToken: false,
    imagePullSecrets: [{ name: 'pull' }],
    securityContext: { runAsNonRoot: true, runAsUser: 999, fsGroup: 999 },
  });
  expect(container).toMatchObject({
    image: 'mongo:6.0',
    command: ['bash', '/etc/backup/scripts/backup.sh'],
    securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
  });
  const secrets = template.spec.volumes.filter(({ secret }) => secret as unknown);
  expect(secrets.map(({ secret }) => secret)).toEqual([
    { secretName: 'registry-credentials', items: [{ key: 'backup-0', path: 'backup-0' }], defaultMode: 0o440 },
  ]);
  expect(container?.env).toEqual(
    expect.arrayContaining([
      { name: 'KEEP', value: '5' },
      { name: 'PASSWORD_FILE', value: '/etc/backup/credentials/backup-0' },
    ]),
  );
});

test('every volume is mounted where the scripts look for it', async () => {
  const { spec } = cronJobIn(await register()).jobTemplate.spec.template;
  const mounts = Object.fromEntries(
    (spec.containers[0]?.volumeMounts ?? []).map(({ name, mountPath }) => [name, mountPath]),
  );
  expect(mounts).toEqual({
    backups: '/backups',
    scripts: '/etc/backup/scripts',
    credentials: '/etc/backup/credentials',
    run: '/run/backup',
    tmp: '/tmp',
  });
  expect(Object.keys(mounts)).toEqual(spec.volumes.map(({ name }) => name));
});

test('the volume is as configured, and stays when backups leave the stack', async () => {
  const claim = find(await register(), 'PersistentVolumeClaim', 'registry-backups');
  expect(claim.inputs.spec).toEqual({
    accessModes: ['ReadWriteOnce'],
    storageClassName: 'slow',
    resources: { requests: { storage: '20Gi' } },
  });
  expect([claim.protect, claim.retainOnDelete]).toEqual([false, true]);
  const kept = find(await register({ backup: BACKUP, protect: true }), 'PersistentVolumeClaim', 'registry-backups');
  expect([kept.protect, kept.retainOnDelete]).toEqual([false, true]);
});

const S3 = { endpoint: 'https://s3.example.org', bucket: 'backups', accessKeyId: 'id', secretAccessKey: 'very secret' };

test('to a store a backup goes by a second container, which alone has what opens it', async () => {
  const resources = await register({ backup: { ...BACKUP, to: { s3: { ...S3, region: 'eu' } } } }, ['registry']);
  const { spec } = cronJobIn(resources).jobTemplate.spec.template;
  const [dump] = spec.initContainers;
  const [upload] = spec.containers;
  expect(dump?.command).toEqual(['bash', '/etc/backup/scripts/backup.sh']);
  expect(upload).toMatchObject({
    image: 'rclone/rclone:1.68.2',
    command: ['sh', '/etc/backup/scripts/store.sh', 'upload'],
  });
  expect(upload?.env).toEqual(
    expect.arrayContaining([
      { name: 'PLACE', value: 'backups/test' },
      { name: 'KEEP', value: '5' },
      { name: 'RCLONE_CONFIG_STORE_ENDPOINT', value: 'https://s3.example.org' },
      { name: 'RCLONE_CONFIG_STORE_REGION', value: 'eu' },
      {
        name: 'RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY',
        valueFrom: { secretKeyRef: { name: 'registry-backup-store', key: 'secretAccessKey' } },
      },
    ]),
  );
  expect(upload?.volumeMounts.map(({ name }) => name)).toEqual(['backups', 'scripts', 'tmp']);
  expect(JSON.stringify(dump)).not.toContain('registry-backup-store');
  expect(spec.volumes.find(({ name }) => name === 'backups')).toHaveProperty('ephemeral');
  expect(resources.some(({ name }) => name === 'registry-backups')).toBe(false);
  const { stringData } = find(resources, 'Secret', 'registry-backup-store').inputs;
  expect(stringData).toEqual({ [SECRET_KEY]: expect.any(String) as string, value: { secretAccessKey: 'very secret' } });
  expect(JSON.stringify(maskSecrets(resources.map(({ inputs }) => inputs)))).not.toContain('very secret');
});

test('the members are as they are without backups', async () => {
  const [without, backedUp] = [await register({}), await register()];
  const set = (resources: Registration[]) => find(resources, 'StatefulSet', 'registry').inputs;
  expect(set(backedUp)).toEqual(set(without));
});

test('its ConfigMap has every script, without what only the type checker reads', async () => {
  const { data } = find(await register(), 'ConfigMap', 'registry-backup').inputs as { data: Record<string, string> };
  expect(Object.keys(data)).toEqual([
    'backup.sh',
    'common.sh',
    'look.sh',
    'rehearse.sh',
    'restore.sh',
    'store.sh',
    'tasks.js',
  ]);
  expect(data['tasks.js']).not.toContain('@type');
});
