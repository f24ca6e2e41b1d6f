import * as pulumi from '@pulumi/pulumi';
import { NetworkPolicy } from '@pulumi/kubernetes/networking/v1';
import { PodDisruptionBudget } from '@pulumi/kubernetes/policy/v1';
import { type DatabaseConfig, mongodbRelease, releaseFault } from '../config';
import { disruptionBudgetSpec } from '../workload/disruption-budget';
import { objectMeta } from '../workload/metadata';
import { ingressPolicySpec, NETWORK_NAMESPACES } from '../workload/network-policy';
import { access, type MetricsReader, openConnectionKey, publicKey, tlsKey } from './access';
import { memberHosts, memberServices } from './addresses';
import { adoptedClaims } from './adopted-claims';
import { adoptedMembers } from './adopted-members';
import { scheduledBackup } from './backup/backup';
import { type Database, hasUsers, memberLabels, PORT } from './identity';
import { membership } from './membership';
import { labelNodes } from './placement';
import { completedRotation } from './rotation';
import { statefulSet } from './stateful-set';
import { dataClaims } from './storage';
import { type TrustedAuthority, trustedAuthority } from './tls';
import type { DatabaseClients } from './users';

/** What the component was called before: a state that knows it by this name keeps all that is in it. */
const FORMER_TYPE = 'aios:index:ReplicaSet';

/** Arguments of {@link MongoReplicaSet}. */
export interface MongoReplicaSetArgs {
  /** Namespace of all objects. It has to exist: depend on it. */
  namespace: string;
  /** The database's section of the stack's configuration. */
  config: DatabaseConfig;
  /** Labels of the nodes that members run on; set by the program on `config.nodes`. */
  nodeLabels: Record<string, string>;
  /** Who connects, each as a user of its own. */
  clients: DatabaseClients;
  /** Labels of the pods that may connect, in namespaces of the network. */
  clientLabels: Record<string, string>;
  /** Names of the Secrets in the namespace that images are pulled with. */
  imagePullSecrets: readonly string[];
  /** Takes back the volumes of members that come back. Needed where `config.protect` keeps them; default: the component's. */
  volumeProvider?: pulumi.ProviderResource | undefined;
}

/**
 * A MongoDB replica set, `rs0`, whose members keep upstream's host names and look after their membership themselves.
 *
 * Raising or lowering `config.replicas` adds or removes one member of the set at a time and restarts none of the others.
 * Needs the providers `kubernetes` and `random`.
 */
export class MongoReplicaSet extends pulumi.ComponentResource {
  /** `host:port` of every member. */
  readonly hosts: string[];
  /** Name of the Secret, in the namespace, with the connection strings. */
  readonly connectionSecret: pulumi.Output<string>;
  /** The connection strings by their key in {@link connectionSecret}: see {@link connectionKey}; secret. */
  readonly connectionStrings: Record<string, pulumi.Output<string>>;
  /** The rotation that the passwords in the connection strings are of. */
  readonly rotation: number;
  /** Who reads the metrics, where the set is monitored. */
  readonly reader: MetricsReader | undefined;
  /** What pods with a connection string have to mount, where clients connect over TLS. */
  readonly authority: TrustedAuthority | undefined;

  private readonly database: Database;
  private readonly clients: DatabaseClients;

  /**
   * @param name of the StatefulSet: `registry` or `metrics-db`; its members are `<name>-0` and so on
   */
  constructor(name: string, args: MongoReplicaSetArgs, options?: pulumi.ComponentResourceOptions) {
    const formerly = { aliases: [{ type: FORMER_TYPE }] };
    super('aios:index:MongoReplicaSet', name, {}, pulumi.mergeOptions(options, formerly));
    const { namespace, config, nodeLabels, imagePullSecrets, volumeProvider } = args;
    const database: Database = { name, namespace, config, parent: this, volumeProvider };

    warnOf(config.image, this);
    const secrets = access(database, args.clients);
    const management = membership(database);
    const pods = { access: secrets, membership: management, nodeLabels, imagePullSecrets };
    const [claims, run] = config.adopted === true ? [adoptedClaims, adoptedMembers] : [dataClaims, statefulSet];
    const members = run(database, pods, [
      ...management.prerequisites,
      ...memberServices(database),
      ...claims(database),
      ...labelNodes(database, nodeLabels),
    ]);
    const podSelector = { matchLabels: memberLabels(database) };
    const metadata = objectMeta(name, { namespace });
    new PodDisruptionBudget(
      name,
      { metadata, spec: { ...disruptionBudgetSpec(name), selector: podSelector } },
      { parent: this },
    );
    const ingress = ingressPolicySpec(name, [PORT], [{ podSelector }, clientsWith(args.clientLabels)]);
    new NetworkPolicy(name, { metadata, spec: { ...ingress, podSelector } }, { parent: this });

    this.hosts = memberHosts(database);
    const source = { database: name, config, hosts: this.hosts, clientLabels: args.clientLabels, imagePullSecrets };
    scheduledBackup(database, source, [secrets.credentials, ...members]);
    this.connectionSecret = secrets.connection.metadata.name;
    this.connectionStrings = secrets.connectionStrings;
    this.reader = secrets.reader;
    this.rotation = config.rotate ?? 0;
    this.authority = trustedAuthority(config);
    this.database = database;
    this.clients = args.clients;
    this.registerOutputs({
      hosts: this.hosts,
      connectionSecret: this.connectionSecret,
      connectionStrings: this.connectionStrings,
    });
  }

  /**
   * Key, in {@link connectionSecret}, of a client's connection string.
   * @throws {Error} if the set was not told of the client
   */
  connectionKey(client: string): string {
    if (!this.isClient(client)) {
      throw new Error(`no connection string for ${client}: add it to the clients of the replica set`);
    }
    if (!hasUsers(this.database)) return openConnectionKey(client);
    return this.authority === undefined ? client : tlsKey(client);
  }

  /** Whether somebody of this name connects. */
  isClient(name: string): boolean {
    return this.clients[name] !== undefined;
  }

  /**
   * Key, in {@link connectionSecret}, of a client's connection string without credentials.
   * @throws {Error} if the set was not told that the client has one
   */
  publicKey(client: string): string {
    if (this.clients[client]?.publicPath === undefined) {
      throw new Error(`no connection string without credentials for ${client}: give it a publicPath`);
    }
    return publicKey(client);
  }

  /**
   * Has the members take away the users of earlier rotations, once the clients have those of this one. Without it they stay.
   *
   * @param clients what connects; ready when it uses the connection strings of now
   * @param parent of the resource: not the set itself, which clients wait for as a whole
   */
  completeRotation(clients: pulumi.Resource[], parent: pulumi.Resource): void {
    completedRotation(this.database, { parent, dependsOn: [this, ...clients] });
  }
}

function warnOf(image: string, set: pulumi.Resource): void {
  const release = mongodbRelease(image);
  const fault = release === undefined ? undefined : releaseFault(release);
  if (fault !== undefined) void pulumi.log.warn(`MongoDB ${release} (${image}) ${fault}.`, set);
}

/** Pods with these labels in namespaces of the network. */
const clientsWith = (labels: Record<string, string>) => ({
  namespaceSelector: NETWORK_NAMESPACES,
  podSelector: { matchLabels: labels },
});
