import type { NetworkConfig } from '../config';
import type { ServiceName } from '../config/service-names';
import { catalogue } from './catalogue';
import type { ServicePort } from './definition';
import { isEnabled } from './settings';

/** Host name of a service inside the cluster; the same in every namespace. */
export function hostOf(name: ServiceName): string {
  const { namespace, definition } = catalogue[name];
  return `${definition.service.name}.${namespace}.svc.cluster.local`;
}

/**
 * URL of a service inside the cluster.
 *
 * @param portName the service's port, where it has several. Default: the first.
 */
export function urlOf(name: ServiceName, portName?: string): string {
  const port = portOf(name, portName);
  return `${schemeOf(port)}://${hostOf(name)}:${port.port}`;
}

/**
 * URL at which other clusters reach a service: the network's advertised host and the service's node port. Undefined
 * where the service has no fixed node port.
 */
export function advertisedUrlOf(name: ServiceName, config: NetworkConfig, portName?: string): string | undefined {
  const port = portOf(name, portName);
  const nodePort = nodePortOf(name, port, config);
  if (nodePort === undefined) return undefined;
  return `${schemeOf(port)}://${config.network.advertisedHost}:${nodePort}`;
}

/** Where a port of a service is reached. */
export interface PortAddress {
  /** URL inside the cluster. */
  url: string;
  /** URL for other clusters, where the service has a fixed node port. */
  advertised?: string;
}

/** Addresses of the services that the stack has: by name, or by `name/port` where a service has several ports. */
export function serviceAddresses(config: NetworkConfig): Record<string, PortAddress> {
  const addresses = Object.values(catalogue)
    .filter(({ name }) => isEnabled(name, config))
    .flatMap(({ name, definition }) => {
      const ports: readonly ServicePort[] = definition.service.ports;
      return ports.map((port) => {
        const advertised = advertisedUrlOf(name, config, port.name);
        const address = { url: urlOf(name, port.name), ...(advertised !== undefined && { advertised }) };
        return [port.name === undefined ? name : `${name}/${port.name}`, address] as const;
      });
    });
  return Object.fromEntries(addresses);
}

/** Node port of a service's port: the stack's, else the catalogue's. */
export function nodePortOf(name: ServiceName, port: ServicePort, config: NetworkConfig): number | undefined {
  const overrides = config.services.overrides[name]?.nodePorts ?? {};
  return overrides[port.name ?? ''] ?? overrides[`${port.port}`] ?? port.nodePort;
}

function portOf(name: ServiceName, portName: string | undefined): ServicePort {
  const { ports } = catalogue[name].definition.service;
  if (portName === undefined) return ports[0];
  const port = ports.find((candidate) => candidate.name === portName);
  if (port === undefined) throw new Error(`the catalogue gives ${name} no port named ${portName}`);
  return port;
}

function schemeOf(port: ServicePort): string {
  return port.scheme ?? 'http';
}
