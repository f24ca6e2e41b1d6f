import type * as pulumi from '@pulumi/pulumi';
import { DataPlacement } from '../../policies/resources';
import { DATABASE_SECTIONS, DATABASES } from '../catalogue';
import type { NetworkConfig } from '../config';

/**
 * Records where the databases keep their data, and refuses a change of the configuration that would lose them. Everything
 * else of the stack depends on these, the kubernetes provider too: refused is refused before anything is changed.
 */
export function dataPlacements(config: NetworkConfig, options: pulumi.CustomResourceOptions): DataPlacement[] {
  return DATABASE_SECTIONS.map((section) => {
    const args = { section, network: config.network.name, ...config.placements[section] };
    return new DataPlacement(DATABASES[section].name, args, options);
  });
}
