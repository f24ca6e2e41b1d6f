import { type NetworkConfig, parseConfig } from '../infra/config';

/**
 * A stack's configuration with what it must name, and the sections given in place of the ones here.
 *
 * @param secretKeys sections that hold something encrypted
 */
export function networkConfig(
  sections: Readonly<Record<string, unknown>> = {},
  secretKeys: readonly string[] = [],
): NetworkConfig {
  const values = {
    network: { name: 'test', advertisedHost: 'network.example.org' },
    services: { imageRegistry: 'registry.example.org' },
    gateway: { image: 'registry.example.org/gateway:v1' },
    cluster: { context: 'test' },
    ...sections,
  };
  return parseConfig({ stack: 'test', values, secretKeys }, {});
}
