import type { EndpointConfig, EndpointName, NetworkConfig, ServiceName } from '../config';
import { catalogue } from '../services/catalogue';

/** Where a service that governance calls is reached: at an address, or as a Service through the API server. */
export type ServiceEndpoint = EndpointConfig | { service: { namespace: string; name: string; port: number } };

const services = {
  gateway: 'cluster-controller-gateway',
  policiesSystem: 'policies-system',
  clustersRegistry: 'clusters-db',
} as const satisfies Record<EndpointName, ServiceName>;

/** Where governance reaches a service: at the address that the stack names, else through the API server. */
export function endpointOf(name: EndpointName, { policies }: Pick<NetworkConfig, 'policies'>): ServiceEndpoint {
  const named = policies.endpoints[name];
  if (named !== undefined) return named;
  const { namespace, definition } = catalogue[services[name]];
  return { service: { namespace, name: definition.service.name, port: definition.service.ports[0].port } };
}
