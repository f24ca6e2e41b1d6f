import * as pulumi from '@pulumi/pulumi';
import { DATABASES, type DatabaseKey, type NamespaceName, type ServiceName, servicesOf } from './catalogue';
import type { NetworkConfig, PortAddress, ServiceConfig } from './config';
import { databaseClients } from './database-clients';
import { MongoReplicaSet } from './database/mongo-replica-set';
import { gatewayService } from './gateway/service';
import { Governance } from './governance/governance';
import { PolicyBindings } from './governance/policy-bindings';
import { type MonitoredDatabase, Monitoring } from './monitoring/monitoring';
import { redisTarget } from './monitoring/targets';
import { NetworkNamespace } from './namespaces';
import { databaseReferences } from './services/environment';
import { NetworkService } from './services/network-service';

/** A database of the network as users of the stack find it. */
export interface DatabaseAddress {
  /** `host:port` of every member. */
  hosts: string[];
  /** Secret, in the database's namespace, that holds the connection strings. */
  connectionSecret: pulumi.Output<string>;
  /** Connection strings by their key in that Secret, which is the client's name; secret. */
  connectionStrings: Record<string, pulumi.Output<string>>;
}

/** Label of the pods that may connect to the database of their namespace. */
const databaseClient = { 'aios-network/database-client': 'true' };

/**
 * The management cluster of a network: namespaces, databases, all services, the gateway, and what governs it.
 *
 * Needs the providers `kubernetes`, `random` and `aios`.
 */
export class ManagementCluster extends pulumi.ComponentResource {
  /** Addresses of the services, by name. */
  readonly services: Record<string, PortAddress>;
  readonly registry: DatabaseAddress;
  readonly metrics: DatabaseAddress;
  /** What tells the gateway which policy to ask. */
  readonly policyMaps: readonly pulumi.CustomResource[];
  private readonly wanted: Partial<Record<ServiceName, ServiceConfig>>;
  private readonly installed = new Map<ServiceName, NetworkService>();
  /** Installs what the cluster chooses a node port for, once all others have theirs. */
  private readonly postponed: ((portsAfter: pulumi.Resource[]) => void)[] = [];

  constructor(
    name: string,
    private readonly config: NetworkConfig,
    options: pulumi.ComponentResourceOptions,
    /** Takes back volumes of protected databases, see {@link MongoReplicaSet}. */
    private readonly volumeProvider?: pulumi.ProviderResource,
  ) {
    super('aios:index:ManagementCluster', name, {}, options);
    this.wanted = { ...config.services, 'cluster-controller-gateway': gatewayService(config) };

    // Upstream's order of installation. Nothing waits for its predecessor, only for what it uses itself: a pod for its
    // namespace and, where it has a connection string, for its database.
    const registries = this.namespace('registries', config.registry);
    const registry = this.database('registry', registries);
    this.install(registries, registry);

    this.install(this.namespace('utils'));

    const metricsSystem = this.namespace('metrics-system', config.metrics);
    const metrics = this.database('metrics', metricsSystem);
    this.install(metricsSystem, metrics);

    const services = this.namespace('services');
    const governance = this.governance(registries, services);
    this.install(services, undefined, { 'cluster-controller-gateway': governance.gatewayPrerequisites });
    this.policyMaps = this.bindPolicies(governance).maps;
    const fixedPorts = [...[...this.installed.values()].map(({ service }) => service), ...governance.services];
    for (const install of this.postponed) install(fixedPorts);

    const monitoring = this.monitor([
      { section: 'registry', namespace: registries, database: registry },
      { section: 'metrics', namespace: metricsSystem, database: metrics },
    ]);
    for (const database of [registry, metrics]) {
      database.completeRotation([...this.clientsOf(database), ...monitoring], this);
    }

    this.services = serviceAddresses(this.wanted);
    this.registry = databaseAddress(registry);
    this.metrics = databaseAddress(metrics);
    this.registerOutputs({ services: this.services, registry: this.registry, metrics: this.metrics });
  }

  private namespace(name: NamespaceName, { protect } = { protect: false }): NetworkNamespace {
    const { imagePull, namespaces: config } = this.config;
    return new NetworkNamespace(name, { imagePull, config, protect }, { parent: this });
  }

  private database(section: DatabaseKey, namespace: NetworkNamespace): MongoReplicaSet {
    const { name, nodeLabels } = DATABASES[section];
    return new MongoReplicaSet(
      name,
      {
        namespace: namespace.name,
        config: this.config[section],
        nodeLabels,
        clients: databaseClients(namespace.name, this.wanted, this.config.policies.publicDatabaseUrl),
        clientLabels: databaseClient,
        imagePullSecrets: namespace.imagePullSecrets,
        volumeProvider: this.volumeProvider,
      },
      { parent: this, dependsOn: namespace },
    );
  }

  /** The services that are clients of a database. */
  private clientsOf(database: MongoReplicaSet): NetworkService[] {
    return [...this.installed].flatMap(([name, service]) => (database.isClient(name) ? [service] : []));
  }

  /** Measures the databases and redis, where the stack wants them measured. */
  private monitor(placed: readonly PlacedDatabase[]): Monitoring[] {
    const { monitoring, services } = this.config;
    if (monitoring === undefined) return [];
    const databases = placed.flatMap((one) => monitoredDatabase(one, this.config[one.section]));
    const redis = redisTarget(services['metrics-redis']);
    const metrics = placed.at(-1)?.namespace;
    const { name: namespace = 'metrics-system', imagePullSecrets = [] } = metrics ?? {};
    const args = { config: monitoring, databases, redis: redis && { ...redis, imagePullSecrets }, namespace };
    return [new Monitoring('monitoring', args, { parent: this, dependsOn: placed.map((one) => one.namespace) })];
  }

  private governance(registries: NetworkNamespace, services: NetworkNamespace): Governance {
    return new Governance(
      'governance',
      {
        config: this.config.policies,
        codeNamespace: registries,
        gatewayNamespace: services.name,
        // The clusters registry outlives the policies as well: before one is removed, it is asked whose clusters bind it.
        prerequisites: [...this.ready('policies-system'), ...this.ready('clusters-db')],
      },
      { parent: this, dependsOn: [registries, services] },
    );
  }

  private bindPolicies(governance: Governance): PolicyBindings {
    const gateway = this.ready('cluster-controller-gateway');
    const clustersRegistry = this.ready('clusters-db');
    const {
      policies,
      gateway: { replicas: gatewayReplicas },
    } = this.config;
    const args = { config: policies, gatewayReplicas, governance, gateway, clustersRegistry };
    return new PolicyBindings('policy-bindings', args, { parent: this });
  }

  /** A service to wait for; nothing where the stack leaves it to somebody else. */
  private ready(name: ServiceName): NetworkService[] {
    return [this.installed.get(name)].filter((service) => service !== undefined);
  }

  /** Installs the services of a namespace that the stack has. */
  private install(
    namespace: NetworkNamespace,
    database?: MongoReplicaSet,
    prerequisites: Partial<Record<ServiceName, pulumi.Resource[]>> = {},
  ): void {
    for (const { name } of servicesOf(namespace.name)) {
      const config = this.wanted[name];
      if (config === undefined) continue;
      const startAfter = prerequisites[name] ?? [];
      const install = (portsAfter: pulumi.Resource[] = []) => {
        this.installed.set(name, this.service(config, namespace, database, startAfter, portsAfter));
      };
      if (hasFloatingPort(config)) this.postponed.push(install);
      else install();
    }
  }

  private service(
    config: ServiceConfig,
    namespace: NetworkNamespace,
    database: MongoReplicaSet | undefined,
    startAfter: pulumi.Resource[],
    portsAfter: pulumi.Resource[],
  ): NetworkService {
    const usesDatabase = config.containers.some(({ env }) => databaseReferences(env).length > 0);
    return new NetworkService(
      config.name,
      {
        config,
        imagePullSecrets: namespace.imagePullSecrets,
        startAfter,
        portsAfter,
        ...(usesDatabase && database && { database, startAfter: [database, ...startAfter], podLabels: databaseClient }),
      },
      { parent: this, dependsOn: namespace },
    );
  }
}

/** Whether the cluster chooses a node port for the service: it might take one that another service is to have. */
function hasFloatingPort({ service }: ServiceConfig): boolean {
  return service.type === 'NodePort' && service.ports.some(({ nodePort }) => nodePort === undefined);
}

/** Addresses of services: by name, or by `name/port` where a service has several ports. */
function serviceAddresses(services: Partial<Record<ServiceName, ServiceConfig>>): Record<string, PortAddress> {
  const addresses = Object.values(services).flatMap(({ name, service }) =>
    service.ports.map(({ name: port, url, advertised }) => {
      const address = { url, ...(advertised !== undefined && { advertised }) };
      return [port === undefined ? name : `${name}/${port}`, address] as const;
    }),
  );
  return Object.fromEntries(addresses);
}

/** A database where it is. */
interface PlacedDatabase {
  section: DatabaseKey;
  namespace: NetworkNamespace;
  database: MongoReplicaSet;
}

function monitoredDatabase(
  { section, namespace, database }: PlacedDatabase,
  config: NetworkConfig[DatabaseKey],
): MonitoredDatabase[] {
  const { hosts, reader, authority } = database;
  if (reader === undefined) return [];
  const { name: inNamespace, imagePullSecrets } = namespace;
  const { name } = DATABASES[section];
  const place = { name, namespace: inNamespace, config };
  return [{ ...place, hosts, reader, authority, clientLabels: databaseClient, imagePullSecrets }];
}

function databaseAddress({ hosts, connectionSecret, connectionStrings }: MongoReplicaSet): DatabaseAddress {
  return { hosts, connectionSecret, connectionStrings };
}
