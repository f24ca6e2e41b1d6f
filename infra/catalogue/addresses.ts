import { catalogue } from './catalogue';
import type { ServicePort } from './definition';
import type { ServiceName } from './service-names';

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
