import { catalogue, portOf, schemeOf, type ServiceName, type ServicePort, urlOf } from '../../catalogue';
import type { PortConfig, ServiceConfig } from '../network-config';
import type { Sections } from '../sections';

/** The parts of a configuration that say where services are reached. */
export interface AddressSettings {
  advertisedHost: string;
  /** Of the cluster's DNS. */
  domain: string;
  /** Whether the network keeps the node ports that upstream's installer gave it. */
  adopted: boolean;
  overrides: Sections['services']['overrides'];
}

/** The Service of a service, with the stack's node ports. */
export function resolveService(name: ServiceName, settings: AddressSettings): ServiceConfig['service'] {
  const { service } = catalogue[name].definition;
  return {
    name: service.name,
    type: service.type,
    ports: service.ports.map((port) => resolvePort(name, port, settings)),
  };
}

/**
 * URL at which other clusters reach a service: the network's advertised host and the service's node port.
 * @throws Error if the catalogue advertises a service without one
 */
export function advertisedUrl(name: ServiceName, settings: AddressSettings): string {
  const url = advertised(portOf(name), nodePortOf(name, portOf(name), settings), settings);
  if (url === undefined) throw new Error(`the catalogue gives ${name} no node port at which other clusters reach it`);
  return url;
}

function resolvePort(service: ServiceName, definition: ServicePort, settings: AddressSettings): PortConfig {
  const { name, port } = definition;
  const nodePort = nodePortOf(service, definition, settings);
  const url = advertised(definition, nodePort, settings);
  return {
    ...(name !== undefined && { name }),
    port,
    ...(nodePort !== undefined && { nodePort }),
    url: urlOf(service, name, settings.domain),
    ...(url !== undefined && { advertised: url }),
  };
}

/** Node port of a service's port: the stack's, else the one that it was installed with, else the catalogue's. */
function nodePortOf(service: ServiceName, port: ServicePort, { overrides, adopted }: AddressSettings) {
  const named = overrides[service]?.nodePorts ?? {};
  const installed = adopted ? port.upstreamNodePort : undefined;
  return named[port.name ?? ''] ?? named[`${port.port}`] ?? installed ?? port.nodePort;
}

function advertised(port: ServicePort, nodePort: number | undefined, { advertisedHost }: AddressSettings) {
  return nodePort === undefined ? undefined : `${schemeOf(port)}://${advertisedHost}:${nodePort}`;
}
