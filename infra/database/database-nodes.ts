import type * as pulumi from '@pulumi/pulumi';
import { DatabaseNodes } from '../../policies/resources';
import { DATABASE_SECTIONS, DATABASES } from '../catalogue';
import type { NetworkConfig } from '../config';

/**
 * Refuses nodes that the cluster does not have, or that have another hostname, before anything is changed: what labels the
 * nodes depends on these.
 */
export function databaseNodes(config: NetworkConfig, options: pulumi.CustomResourceOptions): DatabaseNodes[] {
  return DATABASE_SECTIONS.flatMap((section) => {
    const { nodes, storage } = config[section];
    const { name, nodeLabels: labels } = DATABASES[section];
    const directories = 'directories' in storage ? storage.directories : [];
    const hostnames = Object.fromEntries(directories.map(({ hostname }, ordinal) => [nodes[ordinal] ?? '', hostname]));
    return nodes.length === 0 ? [] : new DatabaseNodes(name, { section, nodes, labels, hostnames }, options);
  });
}
