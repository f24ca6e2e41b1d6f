/** Every service of the network, by the name of its Deployment, in upstream's order. The catalogue describes them. */
export const SERVICE_NAMES = [
  'adhoc-serviers-registry',
  'assets-db-registry',
  'blocks-db',
  'clusters-db',
  'components-registry',
  'containers-registry',
  'layers-registry',
  'splits-runners-registry',
  'networks-registry',
  'policies-system',
  'spec-registry',
  'tasks-db',
  'templates-registry',
  'vdag-db',
  'global-block-metrics',
  'global-cluster-metrics',
  'global-vdag-metrics',
  'metrics-redis',
  'failure-notifier',
  'resource-allocator',
  'search-server',
  'vdag-processor',
  'cluster-controller-gateway',
  'parser',
] as const;

/** Name of a service's Deployment. */
export type ServiceName = (typeof SERVICE_NAMES)[number];
