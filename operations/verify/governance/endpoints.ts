import * as pulumi from '@pulumi/pulumi';
import type { NetworkConfig } from '../../../infra/config';
import type { Endpoint } from '../../../policies/provider/http/endpoint';

type ServiceEndpoint = NetworkConfig['policies']['endpoints']['gateway'];

/** The variables by which one gives tokens, which are encrypted in the stack's file. */
export const TOKEN_VARIABLES = {
  gateway: 'AIOS_GATEWAY_TOKEN',
  policiesSystem: 'AIOS_POLICIES_SYSTEM_TOKEN',
  clustersRegistry: 'AIOS_CLUSTERS_REGISTRY_TOKEN',
} as const satisfies Record<keyof NetworkConfig['policies']['endpoints'], string>;

/**
 * Where the services are that governance goes through, with their tokens.
 * @throws pulumi.RunError naming the variable of a token that is not given
 */
export function endpointsOf({ policies }: NetworkConfig, env: NodeJS.ProcessEnv) {
  const { gateway, policiesSystem, clustersRegistry } = policies.endpoints;
  return {
    gateway: withToken(gateway, TOKEN_VARIABLES.gateway, env),
    policiesSystem: withToken(policiesSystem, TOKEN_VARIABLES.policiesSystem, env),
    clustersRegistry: withToken(clustersRegistry, TOKEN_VARIABLES.clustersRegistry, env),
  };
}

function withToken(endpoint: ServiceEndpoint, variable: string, env: NodeJS.ProcessEnv): Endpoint {
  if ('service' in endpoint) return endpoint;
  const { token: encrypted, ...address } = endpoint;
  if (encrypted === undefined) return address;
  const token = env[variable];
  if (token === undefined)
    throw new pulumi.RunError(
      `${endpoint.url} wants a token, which is encrypted in the stack's file: give it in ${variable}`,
    );
  return { ...address, token };
}
