import type { ServiceDefinition } from './definition';
import { redisImage, redisPort, redisRuntime } from './redis';

/** Namespace `metrics-system`: the queue that clusters write their metrics to, and what aggregates them. */
export const metricsSystem = {
  'global-block-metrics': {
    image: { registry: 'network', path: 'metrics/global-blocks' },
    service: { name: 'global-block-metrics', type: 'NodePort', ports: [{ port: 8889, nodePort: 30201 }] },
    env: { REDIS_HOST: { from: 'host', name: 'metrics-redis' }, MONGO_URL: { from: 'database' } },
  },
  'global-cluster-metrics': {
    image: { registry: 'network', path: 'metrics/global-clusters' },
    service: { name: 'global-cluster-metrics', type: 'NodePort', ports: [{ port: 8888, nodePort: 30202 }] },
    env: { REDIS_HOST: { from: 'host', name: 'metrics-redis' }, MONGO_URL: { from: 'database' } },
  },
  'global-vdag-metrics': {
    image: { registry: 'network', path: 'metrics/global-vdags' },
    service: { name: 'global-vdag-metrics', type: 'NodePort', ports: [{ port: 8890, nodePort: 30203 }] },
    env: { REDIS_HOST: { from: 'host', name: 'metrics-redis' }, MONGO_URL: { from: 'database' } },
  },
  'metrics-redis': {
    image: redisImage,
    container: 'redis',
    service: {
      name: 'metrics-redis',
      type: 'NodePort',
      ports: [{ port: redisPort, scheme: 'redis', nodePort: 30200 }],
    },
    notReplicable: 'it keeps the queue of metrics in its memory',
    runtime: redisRuntime,
  },
} as const satisfies Record<string, ServiceDefinition>;
