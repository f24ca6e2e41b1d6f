import type { NetworkConfig } from '../config';
import type { ServiceSettings } from '../services/settings';
import { gatewayEnvironment } from './environment';

/** Settings of the cluster controller gateway: the sections `gateway` and `policies` of a stack, instead of an override. */
export function gatewaySettings(config: NetworkConfig): ServiceSettings {
  const { gateway } = config;
  return { replicas: gateway.replicas, image: gateway, resources: gateway.resources, env: gatewayEnvironment(config) };
}
