import type { NetworkConfig } from '../config';
import type { EnvSource } from '../services/definition';
import { resolveText } from '../services/environment';

/** Addresses that the gateway hands to every cluster that joins, so that the cluster reaches the network's services. */
const advertised = {
  global_block_metrics_redis_host: { from: 'advertised', name: 'metrics-redis', path: '/0' },
  global_cluster_metrics_redis_host: { from: 'advertised', name: 'metrics-redis', path: '/0' },
  global_vdag_metrics_redis_host: { from: 'advertised', name: 'metrics-redis', path: '/0' },
  policy_db_url: { from: 'advertised', name: 'policies-system' },
  blocks_db_url: { from: 'advertised', name: 'blocks-db' },
  cluster_db_url: { from: 'advertised', name: 'clusters-db' },
  vdag_db_url: { from: 'advertised', name: 'vdag-db' },
  vdag_controller_db_url: { from: 'advertised', name: 'vdag-db' },
} as const satisfies Record<string, Extract<EnvSource, { from: 'advertised' }>>;

/** The gateway's map of global services: upstream's entries at this network's advertised host, then the stack's. */
export function globalServices(config: NetworkConfig): Record<string, string> {
  const addresses = Object.entries(advertised).map(([key, source]) => [key, resolveText(source, config)] as const);
  return { ...Object.fromEntries(addresses), ...config.gateway.globalServices };
}
