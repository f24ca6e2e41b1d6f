import type * as pulumi from '@pulumi/pulumi';
import type { types } from '@pulumi/kubernetes';
import type { EnvReference, EnvSource, EnvValue } from '../catalogue';

/** How services find the connection strings of the database in their namespace. */
export interface DatabaseAccess {
  /** Name of the Secret that holds them. */
  readonly connectionSecret: pulumi.Output<string>;
  /** Key of a client's connection string. */
  connectionKey(client: string): string;
  /** Key of a client's connection string without credentials. */
  publicKey(client: string): string;
  /** The rotation that the passwords are of. */
  readonly rotation: number;
  /** What a pod with a connection string mounts to verify the database by; undefined: it connects in plain text. */
  readonly authority?: AuthorityVolume | undefined;
}

/** A volume with the certificates of who signs the database's. */
interface AuthorityVolume {
  readonly volume: types.input.core.v1.Volume;
  readonly volumeMount: types.input.core.v1.VolumeMount;
}

/**
 * The environment of a container.
 * @param client of the database: the service whose container it is
 * @param database of the service's namespace
 * @throws Error if a variable is a connection string, and the catalogue puts no database into the namespace
 */
export function environment(
  variables: Readonly<Record<string, EnvValue>>,
  client: string,
  database: DatabaseAccess | undefined,
): types.input.core.v1.EnvVar[] {
  return Object.entries(variables).map(([name, value]) => {
    if (typeof value === 'string') return { name, value };
    if (value.from === 'configMap') {
      return { name, valueFrom: { configMapKeyRef: { name: value.name, key: value.key } } };
    }
    if (database === undefined) throw new Error(`${name} is a connection string, but its namespace has no database`);
    const key = value.from === 'database' ? database.connectionKey(client) : database.publicKey(client);
    return { name, valueFrom: { secretKeyRef: { name: database.connectionSecret, key } } };
  });
}

/** Whether a variable is a connection string with a password. */
export function connects(variables: Readonly<Record<string, EnvValue>>): boolean {
  return Object.values(variables).some((value) => typeof value !== 'string' && value.from === 'database');
}

type DatabaseReference = Extract<EnvReference, { from: 'database' | 'publicDatabase' }>;

/** The variables that are connection strings of the database. */
export function databaseReferences(variables: Readonly<Record<string, EnvSource>> = {}): DatabaseReference[] {
  return Object.values(variables).filter(
    (source): source is DatabaseReference =>
      typeof source !== 'string' && (source.from === 'database' || source.from === 'publicDatabase'),
  );
}
