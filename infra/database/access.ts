import { Secret } from '@pulumi/kubernetes/core/v1';
import * as pulumi from '@pulumi/pulumi';
import { objectMeta } from '../workload/metadata';
import { memberHosts } from './addresses';
import { type Generation, type Generations, generations } from './generation';
import { type Database, FORMER_APPLICATION_USER, hasUsers, MONITOR_CLIENT, REPLICA_SET, ROOT_USER } from './identity';
import {
  type DatabaseClients,
  passwordOf,
  rootUser,
  unlimitedUser,
  type UserDefinition,
  userName,
  USERS_FILE,
  usersOf,
} from './users';
import { CLIENT_TLS_OPTIONS } from './tls';

/** The secrets of a database. */
export interface Access {
  /** Secret `keyfile`: what members prove to each other that they belong together by. */
  keyfile: Secret;
  /** Secret with the passwords of the users, by user name, and what the users are. */
  credentials: Secret;
  /** Secret with the connection strings, by client. */
  connection: Secret;
  /** The connection strings themselves, by client. */
  connectionStrings: Record<string, pulumi.Output<string>>;
  /** Who reads the metrics, where somebody does. */
  reader?: MetricsReader;
}

/** The user that reads the metrics of a database. */
export interface MetricsReader {
  user: string;
  /** Name of the Secret, in the database's namespace, with its password. */
  secret: pulumi.Output<string>;
  /** Key of the password in that Secret. */
  key: string;
}

type Texts = Record<string, pulumi.Output<string>>;

/** Key of a client's connection string without credentials. */
export const publicKey = (client: string) => `${client}-public`;

/**
 * Key of a client's connection string as long as one may connect without a password: another key restarts who changes to the other. What
 * it begins with is known to policies/provider/database/adoption.ts.
 */
export const openConnectionKey = (client: string) => `open-${client}`;

/** Key of a client's connection string over TLS: another key restarts who changes to it, and those that have not yet keep theirs. */
export const tlsKey = (client: string) => `${client}-tls`;

/**
 * Generates the secrets and puts them where they are needed: the keyfile for mongod, the users' passwords for the container
 * that creates the users, connection strings for clients.
 */
export function access(database: Database, clients: DatabaseClients): Access {
  const { name } = database;
  const secrets = generations(database);
  const own = clientStrings(database, clients, secrets.current);
  const connectionStrings = {
    ...plainStrings(database, { ...own, ...formerStrings(database, clients, secrets.current) }),
    ...tlsStrings(database, own),
    ...openStrings(database, clients),
  };
  const strings = { ...connectionStrings, ...publicStrings(database, clients) };
  return {
    keyfile: secret(database, `${name}-keyfile`, { keyfile: keyfileOf(secrets) }),
    credentials: secret(database, `${name}-credentials`, credentialsOf(database, clients, secrets)),
    connection: secret(database, `${name}-connection`, strings),
    connectionStrings,
    ...(isMonitored(database) && { reader: metricsReader(database, secrets.current) }),
  };
}

/**
 * A YAML list of keys, of which two members need one in common (mongod since 4.2, and no more than two; MongoDB's manual, "Rotate
 * Keys for Self-Managed Replica Sets"). Each rotation leaves one in common with members that are not restarted yet.
 */
function keyfileOf({ current, next }: Generations): pulumi.Output<string> {
  return pulumi.interpolate`- ${current.keyfile}\n- ${next.keyfile}\n`;
}

/** Without users, as upstream's installer has it, nobody reads metrics either. */
function isMonitored(database: Database): boolean {
  return database.config.monitored === true && hasUsers(database);
}

function credentialsOf(database: Database, clients: DatabaseClients, { current, next }: Generations): Texts {
  const application = current.own && { [FORMER_APPLICATION_USER]: current.own.application };
  const former = application ? [unlimitedUser(FORMER_APPLICATION_USER)] : [];
  const users = usersOf(clients, current.number, isMonitored(database));
  const nextUsers = usersOf(clients, next.number, isMonitored(database));
  return {
    [ROOT_USER]: current.own?.root ?? password(ROOT_USER, current),
    ...application,
    ...passwordsOf(users, current),
    ...passwordsOf(nextUsers, next),
    [USERS_FILE]: pulumi.output(JSON.stringify([rootUser, ...former, ...users, ...nextUsers])),
  };
}

function metricsReader(database: Database, current: Generation): MetricsReader {
  const user = userName(MONITOR_CLIENT, current.number);
  const own = secret(database, `${database.name}-${MONITOR_CLIENT}`, { [user]: password(user, current) });
  return { user, secret: own.metadata.name, key: user };
}

function passwordsOf(users: readonly UserDefinition[], generation: Generation): Texts {
  return Object.fromEntries(users.map(({ name }) => [name, password(name, generation)]));
}

function password(user: string, { users }: Generation): pulumi.Output<string> {
  return users.apply((secret) => passwordOf(user, secret));
}

/** They stay while clients change to TLS, and back, and go when nothing else is let in. */
function plainStrings(database: Database, strings: Texts): Texts {
  return database.config.tls?.mode === 'require' ? {} : strings;
}

function tlsStrings(database: Database, strings: Texts): Texts {
  if (database.config.tls === undefined) return {};
  return Object.fromEntries(
    Object.entries(strings).map(([client, plain]) => [
      tlsKey(client),
      pulumi.interpolate`${plain}${CLIENT_TLS_OPTIONS}`,
    ]),
  );
}

function clientStrings(database: Database, clients: DatabaseClients, current: Generation): Texts {
  const strings = Object.entries(clients).map(([client, { path }]) => {
    const user = userName(client, current.number);
    return [client, connectionString(database, user, password(user, current), path)];
  });
  return Object.fromEntries(strings) as Texts;
}

/**
 * Those of the user that all services shared, under the keys that they had: pods of before look for them when they start again
 * while an update is on its way. They go with the first rotation.
 */
function formerStrings(database: Database, clients: DatabaseClients, { own }: Generation): Texts {
  if (own === undefined) return {};
  const paths = new Set(Object.values(clients).map(({ path }) => path));
  const strings = [undefined, ...paths].map((path) => {
    const key = path === undefined ? 'uri' : `uri-${path}`;
    return [key, connectionString(database, FORMER_APPLICATION_USER, own.application, path)];
  });
  return Object.fromEntries(strings) as Texts;
}

/** Of an adopted set, until all have a password. They stay while the first clients with passwords start. */
function openStrings(database: Database, clients: DatabaseClients): Texts {
  const { authentication = 'enforced' } = database.config;
  if (authentication === 'enforced') return {};
  const strings = Object.entries(clients).map(([client, { path = '' }]) => {
    return [openConnectionKey(client), pulumi.output(`mongodb://${addressOf(database, path)}`)] as const;
  });
  return Object.fromEntries(strings);
}

/**
 * Names all members, so that a client finds the set while any of them is up. Retried writes are the drivers' default and
 * majority writes the set's, and so in no connection string.
 */
function connectionString(
  database: Database,
  user: string,
  userPassword: pulumi.Output<string>,
  path = '',
): pulumi.Output<string> {
  return pulumi.interpolate`mongodb://${user}:${userPassword}@${addressOf(database, path)}&authSource=admin`;
}

/** For what is copied in plain text: nobody is let in with it, unless the stack says what to copy. */
function publicStrings(database: Database, clients: DatabaseClients): Record<string, pulumi.Input<string>> {
  const strings = Object.entries(clients).flatMap(([client, { publicPath, publicUrl }]) => {
    if (publicPath === undefined) return [];
    return [[publicKey(client), publicUrl ?? `mongodb://${addressOf(database, publicPath)}`] as const];
  });
  return Object.fromEntries(strings);
}

function addressOf(database: Database, path: string): string {
  return `${memberHosts(database).join(',')}/${path}?replicaSet=${REPLICA_SET}`;
}

function secret(
  { namespace, parent }: Database,
  name: string,
  stringData: Record<string, pulumi.Input<string>>,
): Secret {
  return new Secret(name, { metadata: objectMeta(name, { namespace }), type: 'Opaque', stringData }, { parent });
}
