import { AiosProvider } from '../../policies/resources';
import type { NetworkConfig } from '../config';
import { endpointOf } from './endpoints';

/** The provider `aios` for the services of the network that a stack describes. */
export function aiosProvider(config: NetworkConfig): AiosProvider {
  return new AiosProvider('aios', {
    gateway: endpointOf('gateway', config),
    policiesSystem: endpointOf('policiesSystem', config),
    clustersRegistry: endpointOf('clustersRegistry', config),
    ...config.cluster,
  });
}
