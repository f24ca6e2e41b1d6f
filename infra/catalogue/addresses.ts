import { catalogue } from './catalogue';
import type { ServicePort } from './definition';
import type { ServiceName } from './service-names';

/** DNS domain of most clusters, and of all that upstream knows. */
export const DEFAULT_DOMAIN = 'cluster.local';

/**
 * Host name of a service inside the cluster; the same in every namespace.
 *
 * @param domain of the cluster's DNS
 */
export function hostOf(name: ServiceName, domain: string = DEFAULT_DOMAIN): string {
  const { namespace, definition } = catalogue[name];
  return `${definition.service.name}.${namespace}.svc.${domain}`;
}

/**
 * URL of a service inside the cluster.
 *
 * @param portName the service's port, where it has several. Default: the first.
 * @param domain of the cluster's DNS
 */
export function urlOf(name: ServiceName, portName?: string, domain?: string): string {
  const port = portOf(name, portName);
  return `${schemeOf(port)}://${hostOf(name, domain)}:${port.port}`;
}

/** A port of a service. Default: the first. @throws Error if the catalogue contradicts itself */
export function portOf(name: ServiceName, portName?: string): ServicePort {
  const { ports } = catalogue[name].definition.service;
  if (portName === undefined) return ports[0];
  const port = ports.find((candidate) => candidate.name === portName);
  if (port === undefined) throw new Error(`the catalogue gives ${name} no port named ${portName}`);
  return port;
}

/** How URLs of a port begin. */
export function schemeOf({ scheme }: ServicePort): string {
  return scheme ?? 'http';
}
