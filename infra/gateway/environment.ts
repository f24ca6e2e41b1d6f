import { GATEWAY_IMAGE_ENV, GATEWAY_URL_ENV, type GatewayConfig, type NetworkConfig } from '../config';
import { actionsMapSource } from '../governance/actions-map';
import type { EnvSource } from '../services/definition';
import { jsonVariable } from '../services/environment';
import { mergeEnvironment } from '../services/settings';
import { globalServices } from './global-services';

/** Executor that upstream names; only execution mode `remote` uses one. */
const defaultExecutor = 'executor-001';

/** The services that the gateway calls, unless the stack names other addresses. */
const urls = {
  clusterService: { from: 'service', name: 'clusters-db' },
  blocksService: { from: 'service', name: 'blocks-db' },
  globalTasksDb: { from: 'service', name: 'tasks-db' },
  searchServer: { from: 'service', name: 'search-server' },
  resourceAllocator: { from: 'service', name: 'resource-allocator', port: 'websocket' },
  globalBlockMetrics: { from: 'service', name: 'global-block-metrics' },
  globalClusterMetrics: { from: 'service', name: 'global-cluster-metrics' },
  policyDb: { from: 'service', name: 'policies-system' },
  policyExecutorHost: { from: 'service', name: 'policies-system' },
  policyRuleRemote: { from: 'service', name: 'policies-system' },
} as const satisfies Record<keyof GatewayConfig['urls'], EnvSource>;

/** The images that the gateway installs on clusters, unless the stack names others. */
const images = {
  metricsDaemonset: { from: 'image', path: 'cluster/daemon' },
  metricsWriter: { from: 'image', path: 'cluster/metrics' },
  infra: { from: 'image', path: 'cluster/infra' },
  blockTransactions: { from: 'image', path: 'cluster/block-tx' },
  parameterUpdater: { from: 'image', path: 'cluster/parameter-updater' },
  clusterMonitor: { from: 'image', path: 'cluster/monitor' },
  healthChecker: { from: 'image', path: 'cluster/stability-checker' },
} as const satisfies Record<keyof GatewayConfig['images'], EnvSource>;

/**
 * The gateway's whole environment: upstream's 24 variables, each from its setting, then the stack's further ones.
 *
 * It is made anew from the configuration every time, so that changing one setting keeps all the others.
 */
export function gatewayEnvironment(config: NetworkConfig): Record<string, EnvSource> {
  const { gateway, policies } = config;
  return mergeEnvironment(
    {
      ...variables(GATEWAY_URL_ENV, urls, gateway.urls),
      GLOBAL_SERVICES_MAP: jsonVariable(globalServices(config)),
      CLUSTER_CONTROLLER_GATEWAY_ACTIONS_MAP: actionsMapSource,
      CLUSTER_CONTROLLER_GATEWAY_POLICY_MAP: jsonVariable(gateway.policyMap),
      CLUSTER_CONTROLLER_ROUTE: gateway.clusterControllerRoute,
      ALLOCATION_EXECUTION_MODE: gateway.allocationExecutionMode,
      POLICY_EXECUTION_MODE: policies.execution.mode,
      POLICY_SYSTEM_EXECUTOR_ID: policies.execution.executor ?? defaultExecutor,
      ...variables(GATEWAY_IMAGE_ENV, images, gateway.images),
    },
    gateway.env,
  );
}

/** One variable for each key: the stack's value, else the default. */
function variables<Key extends string>(
  names: Readonly<Record<Key, string>>,
  defaults: Readonly<Record<Key, EnvSource>>,
  overrides: Readonly<Partial<Record<Key, string>>>,
): Record<string, EnvSource> {
  const keys = Object.keys(names) as Key[];
  return Object.fromEntries(keys.map((key) => [names[key], overrides[key] ?? defaults[key]]));
}
