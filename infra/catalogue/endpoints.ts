import type { ServiceName } from './service-names';

/** The services that governance calls, by their key under `policies.endpoints`. */
export const ENDPOINT_SERVICES = {
  gateway: 'cluster-controller-gateway',
  policiesSystem: 'policies-system',
  clustersRegistry: 'clusters-db',
} as const satisfies Record<string, ServiceName>;

/** A service that governance calls. */
export type EndpointName = keyof typeof ENDPOINT_SERVICES;
