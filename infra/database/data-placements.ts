import type * as pulumi from '@pulumi/pulumi';
import { DataPlacement } from '../../policies/resources';
import { DATABASE_SECTIONS, DATABASES } from '../catalogue';
import type { NetworkConfig } from '../config';

/**
 * Records where the databases keep their data, and refuses a change of the configuration that would lose them. Everything
 * else of the stack depends on these, the kubernetes provider too: refused is refused before anything is changed.
 */
export function dataPlacements(config: NetworkConfig, options: pulumi.CustomResourceOptions): DataPlacement[] {
  return DATABASE_SECTIONS.map((section, index) => {
    const { name: statefulSet, namespace, nodeLabels: labels } = DATABASES[section];
    const hosts = { labels, named: config[section].nodes };
    const place = { section, statefulSet, namespace, ...(index === 0 && { network: config.network.name }) };
    return new DataPlacement(statefulSet, { ...place, ...config.placements[section], hosts }, options);
  });
}
