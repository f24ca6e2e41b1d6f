import type * as pulumi from '@pulumi/pulumi';
import type { types } from '@pulumi/kubernetes';
import type { EnvSource, EnvValue } from '../catalogue';

/** How services find the connection strings of the database in their namespace. */
export interface DatabaseAccess {
  /** Name of the Secret that holds them. */
  readonly connectionSecret: pulumi.Output<string>;
  /** Key of the connection string that names `database`, or none. */
  connectionKey(database?: string): string;
}

/**
 * The environment of a container.
 * @param database of the service's namespace
 * @throws Error if a variable is a connection string, and the catalogue puts no database into the namespace
 */
export function environment(
  variables: Readonly<Record<string, EnvValue>>,
  database: DatabaseAccess | undefined,
): types.input.core.v1.EnvVar[] {
  return Object.entries(variables).map(([name, value]) => {
    if (typeof value === 'string') return { name, value };
    if (value.from === 'configMap') {
      return { name, valueFrom: { configMapKeyRef: { name: value.name, key: value.key } } };
    }
    if (database === undefined) throw new Error(`${name} is a connection string, but its namespace has no database`);
    const key = database.connectionKey(value.database);
    return { name, valueFrom: { secretKeyRef: { name: database.connectionSecret, key } } };
  });
}

/** The databases, by name, that variables have connection strings for. */
export function databasesIn(variables: Readonly<Record<string, EnvSource>> = {}): (string | undefined)[] {
  return Object.values(variables).flatMap((source) =>
    typeof source !== 'string' && source.from === 'database' ? [source.database] : [],
  );
}
