import type * as pulumi from '@pulumi/pulumi';
import { DatabaseNodes } from '../../policies/resources';
import { DATABASE_SECTIONS, DATABASES } from '../catalogue';
import type { NetworkConfig } from '../config';

/** Refuses nodes that the cluster does not have, before anything is changed: what labels the nodes depends on these. */
export function databaseNodes(config: NetworkConfig, options: pulumi.CustomResourceOptions): DatabaseNodes[] {
  return DATABASE_SECTIONS.flatMap((section) => {
    const { nodes } = config[section];
    return nodes.length === 0 ? [] : new DatabaseNodes(DATABASES[section].name, { section, nodes }, options);
  });
}
