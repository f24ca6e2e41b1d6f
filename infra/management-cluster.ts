import * as pulumi from '@pulumi/pulumi';
import type { DatabaseConfig, NetworkConfig, ServiceName } from './config';
import { ReplicaSet } from './database/replica-set';
import { gatewaySettings } from './gateway/settings';
import { Governance } from './governance/governance';
import { PolicyBindings } from './governance/policy-bindings';
import { NetworkNamespace } from './namespaces';
import { type PortAddress, serviceAddresses } from './services/addresses';
import { type CatalogueEntry, type NamespaceName, servicesOf } from './services/catalogue';
import { databasesIn } from './services/environment';
import { publicImage } from './services/images';
import { NetworkService } from './services/network-service';
import { isEnabled, serviceSettings } from './services/settings';

/** A database of the network as users of the stack find it. */
export interface DatabaseAddress {
  /** `host:port` of every member. */
  hosts: string[];
  /** Secret, in the database's namespace, that holds the connection strings. */
  connectionSecret: pulumi.Output<string>;
  /** Connection strings by their key in that Secret; secret. */
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
  private readonly installed = new Map<ServiceName, NetworkService>();

  constructor(
    name: string,
    private readonly config: NetworkConfig,
    options: pulumi.ComponentResourceOptions,
  ) {
    super('aios:index:ManagementCluster', name, {}, options);

    // Upstream's order of installation. Nothing waits for its predecessor, only for what it uses itself: a pod for its
    // namespace and, where it has a connection string, for its database.
    const registries = this.namespace('registries', config.registry);
    const registry = this.database('registry', registries, config.registry, { registry: 'yes' });
    this.install(registries, registry);

    this.install(this.namespace('utils'));

    const metricsSystem = this.namespace('metrics-system', config.metrics);
    // The network guide labels nodes metrics=yes, the installation page metrics-db=yes: a metrics node has both.
    const metricsLabels = { metrics: 'yes', 'metrics-db': 'yes' };
    const metrics = this.database('metrics-db', metricsSystem, config.metrics, metricsLabels);
    this.install(metricsSystem, metrics);

    const services = this.namespace('services');
    const governance = this.governance(registries, services);
    this.install(services, undefined, { 'cluster-controller-gateway': governance.gatewayPrerequisites });
    this.bindPolicies(governance);

    this.services = serviceAddresses(config);
    this.registry = databaseAddress(registry);
    this.metrics = databaseAddress(metrics);
    this.registerOutputs({ services: this.services, registry: this.registry, metrics: this.metrics });
  }

  private namespace(name: NamespaceName, { protect } = { protect: false }): NetworkNamespace {
    return new NetworkNamespace(name, { services: this.config.services, protect }, { parent: this });
  }

  private database(
    name: string,
    namespace: NetworkNamespace,
    config: DatabaseConfig,
    nodeLabels: Record<string, string>,
  ): ReplicaSet {
    return new ReplicaSet(
      name,
      {
        namespace: namespace.name,
        config: { ...config, image: publicImage(config.image, this.config.services) },
        nodeLabels,
        databases: databaseNames(namespace.name),
        clientLabels: databaseClient,
        imagePullSecrets: namespace.imagePullSecrets,
      },
      { parent: this, dependsOn: namespace },
    );
  }

  private governance(registries: NetworkNamespace, services: NetworkNamespace): Governance {
    return new Governance(
      'governance',
      {
        config: this.config,
        codeNamespace: registries,
        gatewayNamespace: services.name,
        // The clusters registry outlives the policies as well: before one is removed, it is asked whose clusters bind it.
        prerequisites: [...this.ready('policies-system'), ...this.ready('clusters-db')],
      },
      { parent: this, dependsOn: [registries, services] },
    );
  }

  private bindPolicies(governance: Governance): void {
    const gateway = this.ready('cluster-controller-gateway');
    const clustersRegistry = this.ready('clusters-db');
    const args = { config: this.config, governance, gateway, clustersRegistry };
    new PolicyBindings('policy-bindings', args, { parent: this });
  }

  /** A service to wait for; nothing where the stack leaves it to somebody else. */
  private ready(name: ServiceName): NetworkService[] {
    return [this.installed.get(name)].filter((service) => service !== undefined);
  }

  /** Installs the services of a namespace that the stack has. */
  private install(
    namespace: NetworkNamespace,
    database?: ReplicaSet,
    prerequisites: Partial<Record<ServiceName, pulumi.Resource[]>> = {},
  ): void {
    for (const service of servicesOf(namespace.name)) {
      if (!isEnabled(service.name, this.config)) continue;
      const startAfter = prerequisites[service.name] ?? [];
      this.installed.set(service.name, this.service(service, namespace, database, startAfter));
    }
  }

  private service(
    service: CatalogueEntry,
    namespace: NetworkNamespace,
    database: ReplicaSet | undefined,
    startAfter: pulumi.Resource[],
  ): NetworkService {
    const { config } = this;
    const isGateway = service.name === 'cluster-controller-gateway';
    const settings = isGateway ? gatewaySettings(config) : serviceSettings(service.name, config);
    const usesDatabase = databasesIn(settings.env).length > 0;
    return new NetworkService(
      service.name,
      {
        service,
        settings,
        config,
        imagePullSecrets: namespace.imagePullSecrets,
        startAfter,
        ...(usesDatabase && database && { database, startAfter: [database, ...startAfter], podLabels: databaseClient }),
      },
      { parent: this, dependsOn: namespace },
    );
  }
}

function databaseAddress({ hosts, connectionSecret, connectionStrings }: ReplicaSet): DatabaseAddress {
  return { hosts, connectionSecret, connectionStrings };
}

/** The databases that services of a namespace name in their connection strings. */
function databaseNames(namespace: NamespaceName): string[] {
  const names = servicesOf(namespace).flatMap(({ definition }) => databasesIn(definition.env));
  return [...new Set(names)].filter((name) => name !== undefined).sort();
}
