import type * as pulumi from '@pulumi/pulumi';
import type { types } from '@pulumi/kubernetes';
import type { NetworkConfig } from '../config';
import { advertisedUrlOf, hostOf, urlOf } from './addresses';
import type { EnvSource } from './definition';
import { imageReference } from './images';

/** How services find the connection strings of the database in their namespace. */
export interface DatabaseAccess {
  /** Name of the Secret that holds them. */
  readonly connectionSecret: pulumi.Output<string>;
  /** Key of the connection string that names `database`, or none. */
  connectionKey(database?: string): string;
}

/** What the sources of environment variables are looked up in. */
export interface EnvironmentContext {
  readonly config: NetworkConfig;
  /** Needed by variables that are connection strings. */
  readonly database?: DatabaseAccess | undefined;
}

/**
 * The environment of a container.
 *
 * Variables come in the order given, so that one may refer to an earlier one by `$(NAME)`, as Kubernetes allows.
 */
export function environment(
  variables: Readonly<Record<string, EnvSource>>,
  context: EnvironmentContext,
): types.input.core.v1.EnvVar[] {
  return Object.entries(variables).map(([name, source]) => {
    if (typeof source !== 'string' && source.from === 'database') {
      return { name, valueFrom: { secretKeyRef: connectionRef(name, source.database, context.database) } };
    }
    if (typeof source !== 'string' && source.from === 'configMap') {
      return { name, valueFrom: { configMapKeyRef: { name: source.name, key: source.key } } };
    }
    return { name, value: resolveText(source, context.config) };
  });
}

/** The databases, by name, that variables of a service have connection strings for. */
export function databasesIn(variables: Readonly<Record<string, EnvSource>> = {}): (string | undefined)[] {
  return Object.values(variables).flatMap((source) =>
    typeof source !== 'string' && source.from === 'database' ? [source.database] : [],
  );
}

/** The text that a source stands for which is no reference to another object. */
export function resolveText(
  source: Exclude<EnvSource, { from: 'database' | 'configMap' }>,
  config: NetworkConfig,
): string {
  if (typeof source === 'string') return source;
  switch (source.from) {
    case 'service':
      return `${urlOf(source.name, source.port)}${source.path ?? ''}`;
    case 'host':
      return hostOf(source.name);
    case 'advertised':
      return `${advertisedUrl(source.name, config)}${source.path ?? ''}`;
    case 'image':
      return imageReference({ registry: 'network', path: source.path }, config.services);
  }
}

/**
 * JSON for an environment variable. Kubernetes expands `$(NAME)` in values and reads `$$` as `$`: what is data must
 * arrive as it was written.
 */
export function jsonVariable(value: unknown): string {
  return JSON.stringify(value).replaceAll('$', '$$$$');
}

function advertisedUrl(name: Parameters<typeof advertisedUrlOf>[0], config: NetworkConfig): string {
  const url = advertisedUrlOf(name, config);
  if (url === undefined) throw new Error(`${name} has no node port at which other clusters could reach it`);
  return url;
}

function connectionRef(
  variable: string,
  database: string | undefined,
  access: DatabaseAccess | undefined,
): types.input.core.v1.SecretKeySelector {
  if (access === undefined) throw new Error(`${variable} is a connection string, but its namespace has no database`);
  return { name: access.connectionSecret, key: access.connectionKey(database) };
}
