import { createHmac } from 'node:crypto';
import type * as pulumi from '@pulumi/pulumi';
import { BACKUP_CLIENT, MONITOR_CLIENT, ROOT_USER } from './identity';

/** Somebody who connects to a database, under a user of its own. */
export interface DatabaseClient {
  /** The databases that it may read and write. */
  readonly databases: readonly string[] | 'any';
  /** The database that its connection string names. Default: none. */
  readonly path?: string | undefined;
  /** The database that a connection string without credentials is to name. Default: there is no such string. */
  readonly publicPath?: string | undefined;
  /** What stands in place of the connection string without credentials. */
  readonly publicUrl?: pulumi.Output<string> | undefined;
}

/** The clients of a database by name: lower-case letters, digits and dashes. */
export type DatabaseClients = Readonly<Record<string, DatabaseClient>>;

/** A role of MongoDB, on the database that defines it. */
interface Role {
  readonly role: string;
  readonly db: string;
}

/** What the container `members` makes a user of, and keeps it as. Its password is a file of the same name. */
export interface UserDefinition {
  readonly name: string;
  readonly roles: readonly Role[];
  /** Absent: the user stays through rotations, and its password changes. */
  readonly generation?: number;
}

/** File with the {@link UserDefinition}s, beside the passwords. */
export const USERS_FILE = 'users.json';

/**
 * Name of a client's user. Each rotation brings another one, so that who still has the last password can use it until it has
 * the new one.
 */
export function userName(client: string, generation: number): string {
  return `${client}-${generation}`;
}

/** The users of the clients, of backups and of whoever reads metrics, in a generation. */
export function usersOf(clients: DatabaseClients, generation: number, isMonitored: boolean): UserDefinition[] {
  const user = (client: string, roles: Role[]) => ({ name: userName(client, generation), roles, generation });
  return [
    ...Object.entries(clients).map(([client, { databases }]) => user(client, rolesOn(databases))),
    user(BACKUP_CLIENT, [onAdmin('backup')]),
    ...(isMonitored ? [user(MONITOR_CLIENT, monitorRoles)] : []),
  ];
}

/** Reads how the members are, and of all data only the oplog, for how far back it goes. */
const monitorRoles: Role[] = [onAdmin('clusterMonitor'), { role: 'read', db: 'local' }];

/** The user that administers the database. */
export const rootUser: UserDefinition = { name: ROOT_USER, roles: [onAdmin('root')] };

/** A user that may read and write every database. */
export function unlimitedUser(name: string): UserDefinition {
  return { name, roles: rolesOn('any') };
}

function rolesOn(databases: readonly string[] | 'any'): Role[] {
  return databases === 'any' ? [onAdmin('readWriteAnyDatabase')] : databases.map((db) => ({ role: 'readWrite', db }));
}

function onAdmin(role: string): Role {
  return { role, db: 'admin' };
}

/**
 * The password of a user: of one secret for each generation, so that users cost a stack no resources. Who knows one can tell
 * neither the secret nor another. Hexadecimal digits, which need no escaping in connection strings.
 */
export function passwordOf(user: string, secret: string): string {
  return createHmac('sha256', secret).update(user).digest('hex');
}
