import type { GatewayConfig } from './gateway';

/** Environment variables of the gateway that hold an image, by their key under `gateway.images`. */
export const GATEWAY_IMAGE_ENV = {
  metricsDaemonset: 'METRICS_DAEMONSET_IMAGE_NAME',
  metricsWriter: 'METRICS_WRITER_SERVICE_IMAGE_NAME',
  infra: 'INFRA_CONTAINER_IMAGE_NAME',
  blockTransactions: 'BLOCK_TRANSACTIONS_CONTAINER_IMAGE_NAME',
  parameterUpdater: 'PARAMETER_UPDATER_CONTAINER_IMAGE_NAME',
  clusterMonitor: 'CLUSTER_MONITOR_CONTAINER_IMAGE_NAME',
  healthChecker: 'HEALTH_CHECKER_CONTAINER_IMAGE_NAME',
} as const satisfies Record<keyof GatewayConfig['images'], string>;

/** Environment variables of the gateway that hold an address, by their key under `gateway.urls`. */
export const GATEWAY_URL_ENV = {
  clusterService: 'CLUSTER_SERVICE_URL',
  blocksService: 'BLOCKS_SERVICE_URL',
  globalTasksDb: 'GLOBAL_TASKS_DB_URL',
  searchServer: 'SEARCH_SERVER_API_URL',
  resourceAllocator: 'RESOURCE_ALLOCATOR_URL',
  globalBlockMetrics: 'GLOBAL_BLOCK_METRICS_URL',
  globalClusterMetrics: 'GLOBAL_CLUSTER_METRICS_URL',
  policyDb: 'POLICY_DB_URL',
  policyExecutorHost: 'POLICY_EXECUTOR_HOST_URL',
  policyRuleRemote: 'POLICY_RULE_REMOTE_URL',
} as const satisfies Record<keyof GatewayConfig['urls'], string>;

/** Environment variables of the gateway that have a setting of their own, and that setting's key. */
export const GATEWAY_ENV_SETTINGS: ReadonlyMap<string, string> = new Map([
  ['ALLOCATION_EXECUTION_MODE', 'gateway.allocationExecutionMode'],
  ['CLUSTER_CONTROLLER_ROUTE', 'gateway.clusterControllerRoute'],
  ['CLUSTER_CONTROLLER_GATEWAY_POLICY_MAP', 'gateway.policyMap'],
  ['CLUSTER_CONTROLLER_GATEWAY_ACTIONS_MAP', 'policies.bindings'],
  ['POLICY_EXECUTION_MODE', 'policies.execution.mode'],
  ['POLICY_SYSTEM_EXECUTOR_ID', 'policies.execution.executor'],
  ['GLOBAL_SERVICES_MAP', 'gateway.globalServices'],
  ...settingsUnder('gateway.images', GATEWAY_IMAGE_ENV),
  ...settingsUnder('gateway.urls', GATEWAY_URL_ENV),
]);

function settingsUnder(section: string, variables: Record<string, string>): [string, string][] {
  return Object.entries(variables).map(([key, variable]) => [variable, `${section}.${key}`]);
}
