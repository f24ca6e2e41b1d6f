import { mapValues } from '../map-values';
import type { NetworkIdentity } from '../network';
import type { ExposedService, PortConfig, RouteConfig, SourcesConfig } from '../exposed-service';

/** What a stack says about how it is reached. */
export type ExposureSettings = Pick<
  NetworkIdentity,
  'advertisedHost' | 'exposure' | 'allowedSources' | 'allowedNamespaces' | 'externalTrafficPolicy'
>;

/** A port, and how URLs of it begin. */
export interface SchemedPort {
  name?: string;
  port: number;
  scheme: string;
  nodePort?: number;
}

/** A Service as it is reached inside the cluster. */
interface Inside extends Pick<ExposedService, 'name'> {
  /** What it is called outside. */
  service: string;
  isPublic: boolean;
  ports: readonly (SchemedPort & { url: string })[];
}

/** Schemes that an Ingress or an HTTPRoute takes, with and without TLS. */
const ROUTED: Readonly<Record<string, string>> = { http: 'https', ws: 'wss' };

/** Whether something that speaks HTTP leads to the port, instead of an opening of its own. */
export function isRouted({ scheme }: Pick<SchemedPort, 'scheme'>, { exposure }: ExposureSettings): boolean {
  return scheme in ROUTED && (exposure?.ingress ?? exposure?.gateway) !== undefined;
}

/** Whether load balancers open the port to the outside. */
function isBalanced(port: SchemedPort, settings: ExposureSettings): boolean {
  return settings.exposure?.loadBalancer !== undefined && !isRouted(port, settings);
}

/**
 * URL at which other clusters reach a port; undefined where they do not.
 * @param siblings how many ports its Service has
 */
export function advertisedAt(
  service: string,
  port: SchemedPort,
  siblings: number,
  settings: ExposureSettings,
): string | undefined {
  const { advertisedHost, exposure } = settings;
  if (exposure === undefined) {
    return port.nodePort === undefined ? undefined : `${port.scheme}://${advertisedHost}:${port.nodePort}`;
  }
  if (isRouted(port, settings)) {
    const isEncrypted = (exposure.ingress?.tlsSecret ?? exposure.gateway?.tls ?? false) !== false;
    const scheme = isEncrypted ? (ROUTED[port.scheme] ?? port.scheme) : port.scheme;
    return `${scheme}://${routeLabel(service, port, siblings)}.${advertisedHost}`;
  }
  return isBalanced(port, settings) ? `${port.scheme}://${service}.${advertisedHost}:${port.port}` : undefined;
}

/** The Service as the stack has it reached from outside. */
export function expose({ name, service, isPublic, ports }: Inside, settings: ExposureSettings): ExposedService {
  if (!isPublic) return { name, type: 'ClusterIP', ports: ports.map((port) => portConfig(port)) };
  const { exposure, externalTrafficPolicy } = settings;
  const isOpened = exposure === undefined || ports.some((port) => isBalanced(port, settings));
  const routes = ports.filter((port) => isRouted(port, settings)).map((port) => route(service, port, ports, settings));
  const sources = sourcesOf(isOpened, settings);
  return {
    name,
    type: exposure === undefined ? 'NodePort' : isOpened ? 'LoadBalancer' : 'ClusterIP',
    ports: ports.map((port) => portConfig(port, advertisedAt(service, port, ports.length, settings), exposure)),
    ...(exposure?.loadBalancer &&
      isOpened && { annotations: balancerAnnotations(service, exposure.loadBalancer, settings) }),
    ...(isOpened && externalTrafficPolicy === 'Local' && { externalTrafficPolicy }),
    ...(sources && { sources }),
    ...(routes.length > 0 && { routes }),
  };
}

function portConfig(
  { name, port, nodePort, url }: Inside['ports'][number],
  advertised?: string,
  exposure?: ExposureSettings['exposure'],
): PortConfig {
  return {
    ...(name !== undefined && { name }),
    port,
    ...(nodePort !== undefined && exposure === undefined && { nodePort }),
    url,
    ...(advertised !== undefined && { advertised }),
  };
}

/** Who may come; undefined for anybody. What is routed sees the router alone, whoever is behind it. */
function sourcesOf(
  isOpened: boolean,
  { allowedSources, allowedNamespaces: namespaces }: ExposureSettings,
): SourcesConfig | undefined {
  if (isOpened) return allowedSources && { addresses: allowedSources, namespaces };
  return namespaces.length > 0 ? { addresses: [], namespaces } : undefined;
}

/** The first label of a host name: services with several ports have a name for each. */
function routeLabel(service: string, { name }: SchemedPort, siblings: number): string {
  return siblings > 1 && name !== undefined ? `${service}-${name}` : service;
}

function route(
  service: string,
  port: SchemedPort,
  { length }: readonly unknown[],
  { advertisedHost, exposure }: ExposureSettings,
): RouteConfig {
  const name = routeLabel(service, port, length);
  const place = { name, host: `${name}.${advertisedHost}`, port: port.port };
  if (exposure?.gateway !== undefined) return { ...place, gateway: exposure.gateway };
  const { annotations = {}, tlsSecret, className } = exposure?.ingress ?? {};
  const filled = (text: string) => fill(text, name, place.host);
  return {
    ...place,
    ingress: {
      annotations: mapValues(annotations, filled),
      ...(className !== undefined && { className }),
      ...(tlsSecret !== undefined && { tlsSecret: filled(tlsSecret) }),
    },
  };
}

function balancerAnnotations(
  service: string,
  { annotations }: { annotations: Readonly<Record<string, string>> },
  { advertisedHost }: ExposureSettings,
): Record<string, string> {
  return mapValues(annotations, (text) => fill(text, service, `${service}.${advertisedHost}`));
}

const fill = (text: string, service: string, host: string) =>
  text.replaceAll('{host}', host).replaceAll('{service}', service);
