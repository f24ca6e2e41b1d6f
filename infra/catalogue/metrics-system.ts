import type { ServiceDefinition } from './definition';
import { REDIS_IMAGE, REDIS_PORT, REDIS_RUNTIME, REDIS_USES } from './redis';

/**
 * Namespace `metrics-system`: the queue that clusters write their metrics to, and what aggregates them.
 *
 * `databases` are those that upstream's source opens (OpenCyberspace/AIGr.id, commit 6b2b17a,
 * services/cluster-services/metrics-system/global-metrics).
 */
export const METRICS_SYSTEM = {
  'global-block-metrics': {
    image: { registry: 'network', path: 'metrics/global-blocks' },
    service: { name: 'global-block-metrics', type: 'NodePort', ports: [{ port: 8889, nodePort: 30201 }] },
    env: { REDIS_HOST: { from: 'host', name: 'metrics-redis' }, MONGO_URL: { from: 'database' } },
    databases: ['block_metrics'],
  },
  'global-cluster-metrics': {
    image: { registry: 'network', path: 'metrics/global-clusters' },
    service: { name: 'global-cluster-metrics', type: 'NodePort', ports: [{ port: 8888, nodePort: 30202 }] },
    env: { REDIS_HOST: { from: 'host', name: 'metrics-redis' }, MONGO_URL: { from: 'database' } },
    databases: ['cluster_metrics'],
  },
  'global-vdag-metrics': {
    image: { registry: 'network', path: 'metrics/global-vdags' },
    service: { name: 'global-vdag-metrics', type: 'NodePort', ports: [{ port: 8890, nodePort: 30203 }] },
    env: { REDIS_HOST: { from: 'host', name: 'metrics-redis' }, MONGO_URL: { from: 'database' } },
    databases: ['vdag_metrics'],
  },
  'metrics-redis': {
    image: REDIS_IMAGE,
    container: 'redis',
    service: {
      name: 'metrics-redis',
      type: 'NodePort',
      ports: [{ port: REDIS_PORT, scheme: 'redis', nodePort: 30200 }],
    },
    notReplicable: 'it keeps the queue of metrics in its memory',
    runtime: REDIS_RUNTIME,
    redis: REDIS_USES.metrics,
  },
} as const satisfies Record<string, ServiceDefinition>;
