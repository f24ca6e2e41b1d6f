import { catalogue, portOf, schemeOf, type ServiceName, type ServicePort, urlOf } from '../../catalogue';
import type { ExposedService } from '../exposed-service';
import type { Sections } from '../sections';
import { advertisedAt, expose, type ExposureSettings, type SchemedPort } from './exposure';

/** The parts of a configuration that say where services are reached. */
export interface AddressSettings extends ExposureSettings {
  /** Of the cluster's DNS. */
  domain: string;
  /** Whether the network keeps the node ports that upstream's installer gave it. */
  adopted: boolean;
  overrides: Sections['services']['overrides'];
}

/** The Service of a service, with the stack's node ports or what it has instead of them. */
export function resolveService(name: ServiceName, settings: AddressSettings): ExposedService {
  const { service } = catalogue[name].definition;
  const ports = service.ports.map((port) => ({
    ...schemed(name, port, settings),
    url: urlOf(name, port.name, settings.domain),
  }));
  return expose({ name: service.name, service: name, isPublic: service.type === 'NodePort', ports }, settings);
}

/**
 * URL at which other clusters reach a service: by default the network's advertised host and the service's node port. One that
 * nothing leads to from outside, which a check refuses unless nobody is told, is left with its URL inside.
 * @throws Error if the catalogue advertises a service without a node port
 */
export function advertisedUrl(name: ServiceName, settings: AddressSettings): string {
  const { ports } = catalogue[name].definition.service;
  const port = portOf(name);
  const url = advertisedAt(name, schemed(name, port, settings), ports.length, settings);
  if (url !== undefined) return url;
  if (settings.exposure !== undefined) return urlOf(name, undefined, settings.domain);
  throw new Error(`the catalogue gives ${name} no node port at which other clusters reach it`);
}

function schemed(service: ServiceName, definition: ServicePort, settings: AddressSettings): SchemedPort {
  const { name, port } = definition;
  const nodePort = nodePortOf(service, definition, settings);
  return {
    ...(name !== undefined && { name }),
    port,
    scheme: schemeOf(definition),
    ...(nodePort !== undefined && { nodePort }),
  };
}

/** Node port of a service's port: the stack's, else the one that it was installed with, else the catalogue's. */
function nodePortOf(service: ServiceName, port: ServicePort, { overrides, adopted }: AddressSettings) {
  const named = overrides[service]?.nodePorts ?? {};
  const installed = adopted ? port.upstreamNodePort : undefined;
  return named[port.name ?? ''] ?? named[`${port.port}`] ?? installed ?? port.nodePort;
}
