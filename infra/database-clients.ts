import type * as pulumi from '@pulumi/pulumi';
import { type NamespaceName, type ServiceName, servicesOf } from './catalogue';
import type { ServiceConfig } from './config';
import type { DatabaseClient, DatabaseClients } from './database/users';
import { databaseReferences } from './services/environment';

/**
 * The services that connect to the database of a namespace. All that the catalogue has: one that the stack takes in later finds
 * its user there.
 *
 * @param publicUrl what a client has that hands its connection string on. Default: one without credentials
 */
export function databaseClients(
  namespace: NamespaceName,
  services: Partial<Record<ServiceName, Pick<ServiceConfig, 'databases'>>>,
  publicUrl?: pulumi.Output<string>,
): DatabaseClients {
  const clients = servicesOf(namespace).flatMap(({ name, definition }): [string, DatabaseClient][] => {
    const { databases = [], env } = definition;
    const references = databaseReferences(env);
    if (references.length === 0) return [];
    const path = references.find(({ from }) => from === 'database')?.database;
    const publicPath = references.find(({ from }) => from === 'publicDatabase')?.database;
    const mayUse = together(databases, services[name]?.databases ?? []);
    return [
      [name, { databases: mayUse, path, publicPath, publicUrl: publicPath === undefined ? undefined : publicUrl }],
    ];
  });
  return Object.fromEntries(clients);
}

function together(known: readonly string[] | 'any', added: readonly string[]): readonly string[] | 'any' {
  return known === 'any' ? known : [...new Set([...known, ...added])];
}
