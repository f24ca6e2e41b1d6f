import { DEFAULT_EXECUTOR, type EnvValue, GATEWAY_IMAGES, GATEWAY_URLS } from '../catalogue';
import type { NetworkConfig } from '../config';
import { mergeEnvironment } from '../config/resolve/environment';

/** Where the gateway's environment takes its network map from: ./actions-map.ts. */
export const ACTIONS_MAP_SOURCE = { from: 'configMap', name: 'pre-check-policies', key: 'actions-map' } as const;

/**
 * The gateway's whole environment: upstream's 24 variables, each from its setting, then the stack's further ones.
 *
 * It is made anew from the configuration every time, so that changing one setting keeps all the others.
 */
export function gatewayEnvironment({ gateway, policies }: NetworkConfig): Record<string, EnvValue> {
  const settings = {
    ...named(GATEWAY_URLS, gateway.urls),
    GLOBAL_SERVICES_MAP: jsonVariable(gateway.globalServices),
    CLUSTER_CONTROLLER_GATEWAY_ACTIONS_MAP: ACTIONS_MAP_SOURCE,
    CLUSTER_CONTROLLER_GATEWAY_POLICY_MAP: jsonVariable(gateway.policyMap),
    CLUSTER_CONTROLLER_ROUTE: gateway.clusterControllerRoute,
    ALLOCATION_EXECUTION_MODE: gateway.allocationExecutionMode,
    POLICY_EXECUTION_MODE: policies.execution.mode,
    POLICY_SYSTEM_EXECUTOR_ID: policies.execution.executor ?? DEFAULT_EXECUTOR,
    ...named(GATEWAY_IMAGES, gateway.images),
  };
  return mergeEnvironment<EnvValue>(settings, gateway.env);
}

/** Values under the names of their variables. */
function named<Key extends string>(
  variables: Readonly<Record<Key, { name: string }>>,
  values: Readonly<Record<Key, string>>,
): Record<string, string> {
  const keys = Object.keys(variables) as Key[];
  return Object.fromEntries(keys.map((key) => [variables[key].name, values[key]]));
}

/**
 * JSON for an environment variable. Kubernetes expands `$(NAME)` in values and reads `$$` as `$`: what is data must
 * arrive as it was written.
 */
function jsonVariable(value: unknown): string {
  return JSON.stringify(value).replaceAll('$', '$$$$');
}
