import {
  catalogue,
  DATABASE_SECTIONS,
  DATABASES,
  type DatabaseKey,
  hostOf,
  type NamespaceName,
  POLICY_CODE,
  SERVICE_NAMES,
  type ServiceName,
} from '../../infra/catalogue';
import type { DatabaseConfig, NetworkConfig, ServiceConfig } from '../../infra/config';
import { gatewayService } from '../../infra/gateway/service';

/** What a stack consists of, and who talks to whom. */
export interface Topology {
  stack: string;
  /** Host at which other clusters reach the nodePorts. */
  advertisedHost: string;
  /** In upstream's order of installation. */
  namespaces: NamespaceNode[];
  calls: Call[];
}

export interface NamespaceNode {
  name: NamespaceName;
  services: ServiceNode[];
  database?: DatabaseNode;
}

export interface ServiceNode {
  name: string;
  replicas: number;
  nodePorts: number[];
  /** Names of the further containers in its pod. */
  sidecars: string[];
  usesDatabase: boolean;
}

export interface DatabaseNode {
  section: DatabaseKey;
  name: string;
  image: string;
  size: string;
  /** Whether no member runs. */
  stopped: boolean;
  members: { name: string; node?: string }[];
}

/** One service knows another's address: it is in its environment. */
interface Call {
  from: string;
  to: string;
}

const NAMESPACES: readonly NamespaceName[] = ['services', 'utils', 'registries', 'metrics-system'];
const GATEWAY = 'cluster-controller-gateway' satisfies ServiceName;
const HOST = /[a-z0-9-]+\.[a-z0-9-]+\.svc\./g;

/** The topology that a stack's configuration makes. */
export function topologyOf(config: NetworkConfig): Topology {
  const services = [...Object.values(config.services), gatewayService(config)].toSorted(byCatalogue);
  const code = codeServer(config);
  const known = new Set<string>([...services.map(({ name }) => name), ...(code === undefined ? [] : [code.name])]);
  const calls = [...services.flatMap(callsOf), ...(code === undefined ? [] : [{ from: GATEWAY, to: code.name }])];
  return {
    stack: config.stack,
    advertisedHost: config.network.advertisedHost,
    namespaces: NAMESPACES.map((name) => namespaceNode(name, services, config, code)),
    calls: calls.filter(({ to }) => known.has(to)),
  };
}

const byCatalogue = (left: ServiceConfig, right: ServiceConfig) =>
  SERVICE_NAMES.indexOf(left.name) - SERVICE_NAMES.indexOf(right.name);

function namespaceNode(
  name: NamespaceName,
  services: readonly ServiceConfig[],
  config: NetworkConfig,
  code: ServiceNode | undefined,
): NamespaceNode {
  const section = DATABASE_SECTIONS.find((candidate) => DATABASES[candidate].namespace === name);
  const own = services.filter(({ namespace }) => namespace === name).map(serviceNode);
  return {
    name,
    services: [...own, ...(name === 'registries' && code !== undefined ? [code] : [])],
    ...(section !== undefined && { database: databaseNode(section, config[section]) }),
  };
}

function serviceNode({ name, replicas, service, containers }: ServiceConfig): ServiceNode {
  const [main, ...sidecars] = containers;
  return {
    name,
    replicas,
    nodePorts: service.ports.flatMap(({ nodePort }) => nodePort ?? []),
    sidecars: sidecars.map((sidecar) => sidecar.name),
    usesDatabase: [main, ...sidecars].some(({ env }) =>
      Object.values(env).some((value) => typeof value !== 'string' && value.from === 'database'),
    ),
  };
}

/** The server of the rules' code, where the program deploys one: the gateway downloads from it. */
function codeServer({ policies: { rules, code } }: NetworkConfig): ServiceNode | undefined {
  if (rules.length === 0 || code.upload) return undefined;
  return {
    name: POLICY_CODE.name,
    replicas: 2,
    nodePorts: code.service.ports.flatMap(({ nodePort }) => nodePort ?? []),
    sidecars: [],
    usesDatabase: false,
  };
}

function databaseNode(section: DatabaseKey, config: DatabaseConfig): DatabaseNode {
  const { name } = DATABASES[section];
  const { replicas, size, image, storage, stopped = false } = config;
  const members = Array.from({ length: replicas }, (_, ordinal) => {
    const node = 'directories' in storage ? storage.directories[ordinal]?.hostname : undefined;
    return { name: `${name}-${ordinal}`, ...(node !== undefined && { node }) };
  });
  return { section, name, image, size, stopped, members };
}

const servicesByHost = new Map<string, ServiceName>(SERVICE_NAMES.map((name) => [hostOf(name, ''), name]));

/** The services whose addresses stand in a service's environment; its own is no call. */
function callsOf({ name, containers }: ServiceConfig): Call[] {
  const values = containers.flatMap(({ env }) => Object.values(env));
  const hosts = values.flatMap((value) => (typeof value === 'string' ? (value.match(HOST) ?? []) : []));
  const called = new Set(hosts.flatMap((host) => servicesByHost.get(host) ?? []));
  called.delete(name);
  return SERVICE_NAMES.filter((other) => called.has(other)).map((to) => ({ from: catalogue[name].name, to }));
}
