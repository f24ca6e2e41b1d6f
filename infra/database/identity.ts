import type * as pulumi from '@pulumi/pulumi';
import type { DatabaseConfig } from '../config';
import { selectorLabels } from '../workload/metadata';

/** Name that the members of a set know it by: upstream's. */
export const REPLICA_SET = 'rs0';

/** Where every mongod listens. */
export const PORT = 27017;

/** User that administers the database. */
export const ROOT_USER = 'root';

/** User that all services connected as before each had one of its own: the first rotation takes it away. */
export const FORMER_APPLICATION_USER = 'aios';

/** What backups connect as, see {@link userName}. */
export const BACKUP_CLIENT = 'backup';

/** What the exporter of a database that is monitored connects as, see {@link userName}. */
export const MONITOR_CLIENT = 'monitor';

/** Files that containers of a member's pod share. */
export const PATHS = {
  /** The keyfile, as only mongod's user can read it. */
  keyfile: '/etc/mongod/keyfile',
  /** Certificate and key of a member over TLS in one file, as only mongod's user can read it. */
  certificate: '/etc/mongod/certificate.pem',
  /** The Secret with both, and with who signs them. */
  tls: '/etc/members/tls',
  /** A file with the password of each user, by its name, and one with what the users are. */
  credentials: '/etc/members/credentials',
  /** A file with the last rotation that has reached all clients, see rotation.ts. */
  rotation: '/etc/members/rotation',
  /** Token and certificate for the API server. */
  serviceAccount: '/var/run/secrets/kubernetes.io/serviceaccount',
} as const;

/** User and group of mongod in the official image. */
export const MONGODB_ID = 999;

/** One database of the network: what every part of it is named and made from. */
export interface Database {
  /** Name of the StatefulSet; names of all other objects begin with it. */
  readonly name: string;
  readonly namespace: string;
  readonly config: DatabaseConfig;
  /** Component that owns the resources. */
  readonly parent: pulumi.Resource;
  /** Has the members' volumes, where they are kept: see {@link volumeOptions}. */
  readonly volumeProvider?: pulumi.ProviderResource | undefined;
}

/** A database as far as its members' names go. */
export type NamedDatabase = Pick<Database, 'name' | 'namespace' | 'config'>;

/** Labels of the pods of all members. Of an adopted set, each has the `app` label that upstream's Deployment selects it by. */
export function memberLabels({ name, config }: Database): Record<string, string> {
  return config.adopted === true ? { 'app.kubernetes.io/name': name } : selectorLabels(name);
}

/** Whether anybody is asked for a password: of a set that upstream installed, at first nobody is. */
export function hasUsers({ config }: Database): boolean {
  return config.authentication !== 'none';
}

/** Ordinals of the members: 0 to replicas - 1. */
export function ordinals({ config }: Pick<Database, 'config'>): number[] {
  return Array.from({ length: config.replicas }, (_, ordinal) => ordinal);
}

/** Name of the pod of a member, as the StatefulSet gives it. */
export function podName({ name }: Pick<Database, 'name'>, ordinal: number): string {
  return `${name}-${ordinal}`;
}

/** Options of resources that stay as long as the database does: they hold it together, or are the only copy of what opens it. */
export function dataOptions({ config }: Database): pulumi.CustomResourceOptions {
  return config.protect ? { protect: true, retainOnDelete: true } : {};
}

/**
 * Options of the claims and volumes of members. They leave the stack with their member, which `protect` would refuse, and are
 * kept for when it comes back: a provider of their own takes over what exists already, which the network's refuses.
 */
export function volumeOptions({ config, volumeProvider }: Database): pulumi.CustomResourceOptions {
  if (!config.protect) return {};
  return { retainOnDelete: true, ...(volumeProvider && { provider: volumeProvider }) };
}
