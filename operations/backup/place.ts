import { DATABASES, type DatabaseKey } from '../../infra/catalogue';
import type { DatabaseConfig, NetworkConfig, S3Config } from '../../infra/config';
import { backupNames } from '../../infra/database/backup/names';
import type { BackupSource } from '../../infra/database/backup/pods';
import { AUTHORITY_VOLUME } from '../../infra/database/tls';
import { commonLabels } from '../../infra/workload/metadata';
import { type JsonMap, listAt, mapAt, textAt } from '../../kubernetes-api';
import { UserError } from '../command-line';
import type { Cluster } from './api';

/** A database's backups as the cluster has them. */
export interface Place {
  readonly section: DatabaseKey;
  readonly namespace: string;
  readonly cronJob: JsonMap;
  readonly source: BackupSource;
}

/** Paths of the objects of a namespace in the API. */
export const paths = {
  jobs: (namespace: string) => `/apis/batch/v1/namespaces/${namespace}/jobs`,
  cronJobs: (namespace: string) => `/apis/batch/v1/namespaces/${namespace}/cronjobs`,
  deployments: (namespace: string) => `/apis/apps/v1/namespaces/${namespace}/deployments`,
  configMaps: (namespace: string) => `/api/v1/namespaces/${namespace}/configmaps`,
  pods: (namespace: string) => `/api/v1/namespaces/${namespace}/pods`,
};

/**
 * Finds a database's backups. Image, members, labels and TLS are those of the CronJob: what the stack's file says may not be there yet.
 * @throws UserError where the database has none
 */
export async function findPlace(cluster: Cluster, config: NetworkConfig, section: DatabaseKey): Promise<Place> {
  const { name: database, namespace } = DATABASES[section];
  const { job } = backupNames(database);
  const { stack } = config;
  if (config[section].backup === undefined)
    throw new UserError(
      `stack ${stack} makes no backups of ${section}: set aios-network:${section}.backup in its file and run make up (docs/backup.md)`,
    );
  const cronJob = await cluster.find(`${paths.cronJobs(namespace)}/${job}`);
  if (cronJob === undefined)
    throw new UserError(
      `the cluster of stack ${stack} has no CronJob ${namespace}/${job}: run make up STACK=${stack} first`,
    );
  const template = mapAt(cronJob, 'spec', 'jobTemplate', 'spec', 'template');
  const all = [...listAt(template, 'spec', 'initContainers'), ...listAt(template, 'spec', 'containers')];
  const container = all.find((one) => textAt(one, 'name') === job);
  const hosts = listAt(container, 'env').find((variable) => textAt(variable, 'name') === 'HOSTS');
  const common = commonLabels(job);
  const labels = Object.entries(mapAt(template, 'metadata', 'labels') as Record<string, string>);
  const source: BackupSource = {
    database,
    config: { ...withTlsOf(template, config[section]), image: textAt(container, 'image') },
    hosts: textAt(hosts, 'value').split(','),
    clientLabels: Object.fromEntries(labels.filter(([key]) => !(key in common))),
    imagePullSecrets: listAt(template, 'spec', 'imagePullSecrets').map((secret) => textAt(secret, 'name')),
  };
  return { section, namespace, cronJob, source };
}

function withoutTls(config: DatabaseConfig): DatabaseConfig {
  const own = { ...config };
  delete own.tls;
  return own;
}

function withTlsOf(template: JsonMap, config: DatabaseConfig): DatabaseConfig {
  const volume = listAt(template, 'spec', 'volumes').find((one) => textAt(one, 'name') === AUTHORITY_VOLUME);
  if (volume === undefined) return withoutTls(config);
  // It connects over TLS: whether members take anything else makes no difference.
  return { ...config, tls: { secret: textAt(volume, 'secret', 'secretName'), mode: 'require' } };
}

/**
 * The same database with the backups of another stack, which are in the same store: what opens that is in this stack's cluster.
 * @throws UserError where they are elsewhere
 */
export function withBackupsOf(place: Place, config: NetworkConfig, other: NetworkConfig): Place {
  const { section, source } = place;
  const [own, its] = [config, other].map((stack) => storeOf(stack, section));
  const { backup } = source.config;
  const bucketOf = (store: S3Config) => `${store.endpoint} ${store.place.split('/')[0] ?? ''}`;
  if (own === undefined || its === undefined || backup === undefined || bucketOf(own) !== bucketOf(its))
    throw new UserError(
      `the backups of stack ${other.stack} cannot be reached from stack ${config.stack}: aios-network:${section}.backup.to.s3 of both has to name one bucket; copy the two files of a backup otherwise (docs/backup.md)`,
    );
  const to = { s3: { ...own, place: its.place } };
  return { ...place, source: { ...source, config: { ...source.config, backup: { ...backup, to } } } };
}

function storeOf(config: NetworkConfig, section: DatabaseKey): S3Config | undefined {
  const to = config[section].backup?.to;
  return to && 's3' in to ? to.s3 : undefined;
}

/** The UID of an object that the cluster has. */
export const uidOf = (object: JsonMap) => textAt(object, 'metadata', 'uid');
