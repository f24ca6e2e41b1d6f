import type * as pulumi from '@pulumi/pulumi';
import { DataPlacement } from '../../policies/resources';
import { DATABASE_SECTIONS, DATABASES } from '../catalogue';
import type { NetworkConfig } from '../config';
import { ADOPTING_MANAGER } from '../workload/adopting-manager';

/**
 * Records where the databases keep their data, and refuses a change of the configuration that would lose them. Everything
 * else of the stack depends on these, the kubernetes provider too: refused is refused before anything is changed.
 */
export function dataPlacements(config: NetworkConfig, options: pulumi.CustomResourceOptions): DataPlacement[] {
  return DATABASE_SECTIONS.map((section, index) => {
    const { name: statefulSet, namespace, nodeLabels: labels } = DATABASES[section];
    const hosts = { labels, named: config[section].nodes };
    const place = { section, statefulSet, namespace, ...(index === 0 && { network: config.network.name }) };
    const { adopted: authentication, ...placement } = config.placements[section];
    const adopted = authentication && { adopted: { authentication, manager: ADOPTING_MANAGER } };
    return new DataPlacement(statefulSet, { ...place, ...placement, ...adopted, hosts }, options);
  });
}
