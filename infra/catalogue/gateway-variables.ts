import type { EnvSource } from './definition';

/** An environment variable of the gateway that a key of the configuration sets. */
interface GatewayVariable<Source extends EnvSource> {
  readonly name: string;
  /** What the value stands for; completes "Address of …" and "Image of …". */
  readonly of: string;
  /** The value unless the stack gives another one. */
  readonly default: Source;
}

type AddressVariable = GatewayVariable<Extract<EnvSource, { from: 'service' }>>;
type ImageVariable = GatewayVariable<Extract<EnvSource, { from: 'image' }>>;

/** The services that the gateway calls, by their key under `gateway.urls`. */
export const GATEWAY_URLS = {
  clusterService: {
    name: 'CLUSTER_SERVICE_URL',
    of: 'the clusters registry',
    default: { from: 'service', name: 'clusters-db' },
  },
  blocksService: {
    name: 'BLOCKS_SERVICE_URL',
    of: 'the blocks registry',
    default: { from: 'service', name: 'blocks-db' },
  },
  globalTasksDb: {
    name: 'GLOBAL_TASKS_DB_URL',
    of: 'the tasks database',
    default: { from: 'service', name: 'tasks-db' },
  },
  searchServer: {
    name: 'SEARCH_SERVER_API_URL',
    of: 'the search server',
    default: { from: 'service', name: 'search-server' },
  },
  resourceAllocator: {
    name: 'RESOURCE_ALLOCATOR_URL',
    of: 'the resource allocator (ws://)',
    default: { from: 'service', name: 'resource-allocator', port: 'websocket' },
  },
  globalBlockMetrics: {
    name: 'GLOBAL_BLOCK_METRICS_URL',
    of: 'the global block metrics',
    default: { from: 'service', name: 'global-block-metrics' },
  },
  globalClusterMetrics: {
    name: 'GLOBAL_CLUSTER_METRICS_URL',
    of: 'the global cluster metrics',
    default: { from: 'service', name: 'global-cluster-metrics' },
  },
  policyDb: {
    name: 'POLICY_DB_URL',
    of: 'the policies database',
    default: { from: 'service', name: 'policies-system' },
  },
  policyExecutorHost: {
    name: 'POLICY_EXECUTOR_HOST_URL',
    of: 'the host of policy executors',
    default: { from: 'service', name: 'policies-system' },
  },
  policyRuleRemote: {
    name: 'POLICY_RULE_REMOTE_URL',
    of: 'the policies system that rules are fetched from',
    default: { from: 'service', name: 'policies-system' },
  },
} as const satisfies Record<string, AddressVariable>;

/** The images that the gateway installs on clusters, by their key under `gateway.images`. */
export const GATEWAY_IMAGES = {
  metricsDaemonset: {
    name: 'METRICS_DAEMONSET_IMAGE_NAME',
    of: 'the metrics daemon on every node',
    default: { from: 'image', path: 'cluster/daemon' },
  },
  metricsWriter: {
    name: 'METRICS_WRITER_SERVICE_IMAGE_NAME',
    of: "the cluster's metrics writer",
    default: { from: 'image', path: 'cluster/metrics' },
  },
  infra: {
    name: 'INFRA_CONTAINER_IMAGE_NAME',
    of: "the cluster's infrastructure controller",
    default: { from: 'image', path: 'cluster/infra' },
  },
  blockTransactions: {
    name: 'BLOCK_TRANSACTIONS_CONTAINER_IMAGE_NAME',
    of: 'the block transactions service',
    default: { from: 'image', path: 'cluster/block-tx' },
  },
  parameterUpdater: {
    name: 'PARAMETER_UPDATER_CONTAINER_IMAGE_NAME',
    of: 'the parameter updater',
    default: { from: 'image', path: 'cluster/parameter-updater' },
  },
  clusterMonitor: {
    name: 'CLUSTER_MONITOR_CONTAINER_IMAGE_NAME',
    of: 'the cluster monitor',
    default: { from: 'image', path: 'cluster/monitor' },
  },
  healthChecker: {
    name: 'HEALTH_CHECKER_CONTAINER_IMAGE_NAME',
    of: 'the health checker',
    default: { from: 'image', path: 'cluster/stability-checker' },
  },
} as const satisfies Record<string, ImageVariable>;

/** A key under `gateway.urls`. */
export type GatewayUrl = keyof typeof GATEWAY_URLS;

/** A key under `gateway.images`. */
export type GatewayImage = keyof typeof GATEWAY_IMAGES;

/** Addresses that the gateway hands to every cluster that joins, so that the cluster reaches the network's services. */
export const GLOBAL_SERVICES = {
  global_block_metrics_redis_host: { from: 'advertised', name: 'metrics-redis', path: '/0' },
  global_cluster_metrics_redis_host: { from: 'advertised', name: 'metrics-redis', path: '/0' },
  global_vdag_metrics_redis_host: { from: 'advertised', name: 'metrics-redis', path: '/0' },
  policy_db_url: { from: 'advertised', name: 'policies-system' },
  blocks_db_url: { from: 'advertised', name: 'blocks-db' },
  cluster_db_url: { from: 'advertised', name: 'clusters-db' },
  vdag_db_url: { from: 'advertised', name: 'vdag-db' },
  vdag_controller_db_url: { from: 'advertised', name: 'vdag-db' },
} as const satisfies Record<string, Extract<EnvSource, { from: 'advertised' }>>;

/** Executor that upstream names; only execution mode `remote` uses one. */
export const DEFAULT_EXECUTOR = 'executor-001';

/** Environment variables of the gateway that have a setting of their own, and that setting's key. */
export const GATEWAY_ENV_SETTINGS: ReadonlyMap<string, string> = new Map([
  ['ALLOCATION_EXECUTION_MODE', 'gateway.allocationExecutionMode'],
  ['CLUSTER_CONTROLLER_ROUTE', 'gateway.clusterControllerRoute'],
  ['CLUSTER_CONTROLLER_GATEWAY_POLICY_MAP', 'gateway.policyMap'],
  ['CLUSTER_CONTROLLER_GATEWAY_ACTIONS_MAP', 'policies.bindings'],
  ['POLICY_EXECUTION_MODE', 'policies.execution.mode'],
  ['POLICY_SYSTEM_EXECUTOR_ID', 'policies.execution.executor'],
  ['GLOBAL_SERVICES_MAP', 'gateway.globalServices'],
  ...settingsUnder('gateway.images', GATEWAY_IMAGES),
  ...settingsUnder('gateway.urls', GATEWAY_URLS),
]);

function settingsUnder(section: string, variables: Record<string, { name: string }>): [string, string][] {
  return Object.entries(variables).map(([key, { name }]) => [name, `${section}.${key}`]);
}
