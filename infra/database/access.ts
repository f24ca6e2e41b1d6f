import { Secret } from '@pulumi/kubernetes/core/v1';
import * as pulumi from '@pulumi/pulumi';
import { RandomPassword } from '@pulumi/random';
import { objectMeta } from '../workload/metadata';
import { memberHosts } from './addresses';
import { APPLICATION_USER, type Database, dataOptions, REPLICA_SET, ROOT_USER } from './identity';

/** The secrets of a database. */
export interface Access {
  /** Secret `keyfile`: what members prove to each other that they belong together by. */
  keyfile: Secret;
  /** Secret with the passwords of the users, by user name. */
  credentials: Secret;
  /** Secret with the connection strings, by {@link connectionKey}. */
  connection: Secret;
  /** The connection strings themselves, by {@link connectionKey}. */
  connectionStrings: Record<string, pulumi.Output<string>>;
}

/** Key of the connection string that names `database`, or none. */
export function connectionKey(database?: string): string {
  return database === undefined ? 'uri' : `uri-${database}`;
}

/**
 * Generates the passwords and puts them where they are needed: the keyfile for mongod, the users' passwords for the
 * container that creates the users, connection strings for services.
 */
export function access(database: Database, databases: readonly string[]): Access {
  const { name } = database;
  const root = password(database, `${ROOT_USER}-password`, 32);
  const application = password(database, `${APPLICATION_USER}-password`, 32);
  // A keyfile holds 6 to 1024 characters of base64.
  const keyfile = password(database, 'keyfile', 64);
  const connectionStrings = Object.fromEntries(
    [undefined, ...databases].map((path) => [connectionKey(path), connectionString(database, application, path)]),
  );
  return {
    keyfile: secret(database, `${name}-keyfile`, { keyfile }),
    credentials: secret(database, `${name}-credentials`, { [ROOT_USER]: root, [APPLICATION_USER]: application }),
    connection: secret(database, `${name}-connection`, connectionStrings),
    connectionStrings,
  };
}

/** Letters and digits only: they need no escaping in connection strings, and are base64 too. */
function password(database: Database, suffix: string, length: number): pulumi.Output<string> {
  const resource = new RandomPassword(
    `${database.name}-${suffix}`,
    { length, special: false },
    { parent: database.parent, ...dataOptions(database) },
  );
  return pulumi.secret(resource.result);
}

/**
 * Names all members, so that a client finds the set while any of them is up. Retried writes are the drivers' default and
 * majority writes the set's, and so in no connection string.
 */
function connectionString(
  database: Database,
  applicationPassword: pulumi.Output<string>,
  path = '',
): pulumi.Output<string> {
  const hosts = memberHosts(database).join(',');
  const options = `replicaSet=${REPLICA_SET}&authSource=admin`;
  return pulumi.interpolate`mongodb://${APPLICATION_USER}:${applicationPassword}@${hosts}/${path}?${options}`;
}

function secret(
  { namespace, parent }: Database,
  name: string,
  stringData: Record<string, pulumi.Input<string>>,
): Secret {
  return new Secret(name, { metadata: objectMeta(name, { namespace }), type: 'Opaque', stringData }, { parent });
}
