import type { types } from '@pulumi/kubernetes';
import type { DatabaseConfig } from '../../config';
import { commonLabels } from '../../workload/metadata';
import { podSpec } from '../../workload/pod';
import { confined } from '../../workload/security';
import { BACKUP_CLIENT, REPLICA_SET } from '../identity';
import { podSecurity } from '../pod-security';
import { trustedAuthority } from '../tls';
import { userName } from '../users';
import { backupNames } from './names';
import { storeContainer } from './store';
import type { BackupTask } from './task';

type PodTemplate = types.input.core.v1.PodTemplateSpec;
type Volume = types.input.core.v1.Volume & { name: string };

/** What the pods of a database's backups are made from; no value of it is known only later. */
export interface BackupSource {
  /** Name of the database's StatefulSet. */
  readonly database: string;
  readonly config: DatabaseConfig;
  /** `host:port` of every member. */
  readonly hosts: readonly string[];
  /** Labels of the pods that may connect to the database. */
  readonly clientLabels: Readonly<Record<string, string>>;
  readonly imagePullSecrets: readonly string[];
}

const FOLDERS = {
  backups: '/backups',
  scripts: '/etc/backup/scripts',
  credentials: '/etc/backup/credentials',
  keyfile: '/etc/backup/keyfile',
  /** In memory: the tools read passwords from files there. */
  run: '/run/backup',
  scratch: '/scratch',
} as const;

/**
 * The pod of a task, with its scripts in the ConfigMap of a name.
 *
 * It has the image of mongod, which contains the tools that fit it, no token, and of secrets only what its task needs: a
 * rehearsal none, a restore the keyfile and all passwords, the others one. Where backups are in a store a second container
 * moves them, before the task or, for a backup, after it.
 */
export function backupPod(source: BackupSource, task: BackupTask, scripts: string): PodTemplate {
  const { database, config, clientLabels } = source;
  const { job } = backupNames(database);
  const volumes: Volume[] = [
    backupVolume(source),
    { name: 'scripts', configMap: { name: scripts } },
    ...secretVolumes(source, task),
    ...(connects(task) ? authorityVolumes(config) : []),
    ...(task.kind === 'rehearse' ? [passingVolume('scratch', config)] : []),
    { name: 'run', emptyDir: { medium: 'Memory', sizeLimit: '16Mi' } },
    { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
  ];
  return {
    metadata: { labels: { ...commonLabels(job), ...(task.kind === 'rehearse' ? {} : clientLabels) } },
    spec: podSpec(
      { account: job, imagePullSecrets: source.imagePullSecrets },
      {
        restartPolicy: 'Never',
        enableServiceLinks: false,
        // What is killed is cleared away by the next one.
        terminationGracePeriodSeconds: 5,
        securityContext: podSecurity,
        ...containers(source, task, volumes),
        volumes,
      },
    ),
  };
}

function containers(source: BackupSource, task: BackupTask, volumes: readonly Volume[]) {
  const own = container(source, task, volumes);
  const { backup } = source.config;
  if (backup === undefined || 'volume' in backup.to) return { containers: [own] };
  const store = storeContainer(source.database, backup.to.s3, task, FOLDERS);
  return task.kind === 'backup'
    ? { initContainers: [own], containers: [store] }
    : { initContainers: [store], containers: [own] };
}

/** Where backups are; of those in a store, what is on its way. */
function backupVolume({ database, config }: BackupSource): Volume {
  const isStored = config.backup !== undefined && 's3' in config.backup.to;
  if (isStored) return passingVolume('backups', config);
  return { name: 'backups', persistentVolumeClaim: { claimName: backupNames(database).claim } };
}

function container({ database, config, hosts }: BackupSource, task: BackupTask, volumes: readonly Volume[]) {
  const authority = trustedAuthority(config);
  const paths: Readonly<Record<string, string>> = {
    ...FOLDERS,
    tmp: '/tmp',
    ...(authority && { [authority.volume.name]: authority.volumeMount.mountPath }),
  };
  return {
    name: backupNames(database).job,
    image: config.image,
    command: ['bash', `${FOLDERS.scripts}/${task.kind}.sh`],
    env: Object.entries({ ...commonEnvironment(database), ...environment(config, hosts, task) }).map(
      ([name, value]) => ({
        name,
        value,
      }),
    ),
    resources: task.kind === 'rehearse' ? config.resources : toolResources,
    securityContext: confined,
    volumeMounts: volumes.map(({ name }) => ({ name, mountPath: paths[name] ?? `/${name}` })),
  };
}

const toolResources = { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '1Gi' } };

function commonEnvironment(database: string): Record<string, string> {
  const { backups, run, scripts } = FOLDERS;
  // mongosh would write a log of every command into its home.
  return { HOME: '/nonexistent', DATABASE: database, BACKUPS: backups, RUN: run, SCRIPTS: scripts };
}

function environment(config: DatabaseConfig, hosts: readonly string[], task: BackupTask): Record<string, string> {
  const authority = trustedAuthority(config);
  const set = { HOSTS: hosts.join(','), REPLICA_SET, ...(authority && { TLS_OPTIONS: authority.options }) };
  const name = backupUser(config);
  const user = { DATABASE_USER: name, PASSWORD_FILE: `${FOLDERS.credentials}/${name}` };
  switch (task.kind) {
    case 'backup':
      return { ...set, ...user, KEEP: `${task.keep}` };
    case 'look':
      return { ...set, ...user };
    case 'restore':
      return { ...set, KEYFILE: `${FOLDERS.keyfile}/keyfile`, CREDENTIALS: FOLDERS.credentials, BACKUP: task.backup };
    case 'rehearse':
      return { BACKUP: task.backup, SCRATCH: FOLDERS.scratch, CACHE_GB: `${config.cacheGB}` };
  }
}

/** A rehearsal has a database of its own. */
const connects = ({ kind }: BackupTask) => kind !== 'rehearse';

function authorityVolumes(config: DatabaseConfig): Volume[] {
  const authority = trustedAuthority(config);
  return authority === undefined ? [] : [authority.volume];
}

/** May read all there is, and change nothing. */
function backupUser({ rotate = 0 }: DatabaseConfig): string {
  return userName(BACKUP_CLIENT, rotate);
}

function secretVolumes({ database, config }: BackupSource, { kind }: BackupTask): Volume[] {
  if (kind === 'rehearse') return [];
  const { credentials, keyfile } = backupNames(database);
  const readable = { defaultMode: 0o440 };
  if (kind === 'restore') {
    return [
      { name: 'credentials', secret: { secretName: credentials, ...readable } },
      { name: 'keyfile', secret: { secretName: keyfile, ...readable } },
    ];
  }
  const name = backupUser(config);
  const items = [{ key: name, path: name }];
  return [{ name: 'credentials', secret: { secretName: credentials, items, ...readable } }];
}

/** As large as a member's volume, and gone with the pod; where members have directories of nodes, the node's own disk. */
function passingVolume(name: string, { storage, size }: DatabaseConfig): Volume {
  if ('directories' in storage) return { name, emptyDir: {} };
  const { storageClass } = storage;
  const spec = {
    accessModes: ['ReadWriteOnce'],
    ...(storageClass !== undefined && { storageClassName: storageClass }),
    resources: { requests: { storage: size } },
  };
  return { name, ephemeral: { volumeClaimTemplate: { spec } } };
}
