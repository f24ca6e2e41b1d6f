import type * as pulumi from '@pulumi/pulumi';
import type {
  ContainerRuntime,
  DatabaseKey,
  EnvValue,
  GatewayImage,
  GatewayUrl,
  NamespaceName,
  ServiceName,
} from '../catalogue';
import type { BackupSection, S3Section } from './backup';
import type { NamespacesAre, PodSecurityLevel } from './cluster';
import type { Architecture } from './cluster';
import type { DatabaseSection } from './database';
import type { ExposedService } from './exposed-service';
import type { GatewaySection } from './gateway';
import type { MonitoringSection } from './monitoring';
import type { NetworkIdentity } from './network';
import type { PoliciesConfig } from './policies-config';
import type { ContainerResources } from './resources';

/**
 * The configuration of a stack with everything looked up that the catalogue and the stack's file say: images, addresses,
 * node ports, rules, directories. Whoever holds one need check nothing again.
 */
export interface NetworkConfig {
  stack: string;
  /** Whether the network was installed by upstream's script and is taken over. */
  adopted: boolean;
  network: Pick<NetworkIdentity, 'name' | 'advertisedHost'>;
  registry: DatabaseConfig;
  metrics: DatabaseConfig;
  placements: Record<DatabaseKey, Placement>;
  imagePull: ImagePullConfig;
  /** The services that the stack has, except the gateway. */
  services: Partial<Record<ServiceName, ServiceConfig>>;
  gateway: GatewayConfig;
  policies: PoliciesConfig;
  /** Absent: nothing is measured. */
  monitoring?: MonitoringConfig;
  cluster: ClusterConfig;
  clusterIdentity: ClusterIdentity;
  /** Kind of processor that pods run on. Absent: any. */
  architecture?: Architecture;
  namespaces: NamespacesConfig;
}

/** A MongoDB replica set. */
export interface DatabaseConfig extends Omit<
  DatabaseSection,
  'storage' | 'nodes' | 'cacheGB' | 'stopped' | 'rotate' | 'tolerations' | 'backup' | 'unsafe' | 'authentication'
> {
  /** Whether its members are upstream's, with their own Deployments, claims and volumes. Default: false. */
  adopted?: boolean;
  /** Whether passwords are asked for. Default: enforced. */
  authentication?: DatabaseSection['authentication'];
  /** DNS domain of the cluster, which the members' host names end in. Default: cluster.local. */
  domain?: string;
  /** Whether members listen on IPv6, too. Default: false. */
  ipv6?: boolean;
  /** Names of the nodes that the program labels. */
  nodes: readonly string[];
  /** Taints that members tolerate. Default: none. */
  tolerations?: DatabaseSection['tolerations'];
  /** Whether two members may run on one host. Default: false. */
  sharedHosts?: boolean;
  /** Whether no member runs. Default: false. */
  stopped?: boolean;
  /** How often the passwords and the members' key were made anew. Default: 0. */
  rotate?: number;
  /** With the registry that it is pulled from. */
  image: string;
  storage: DatabaseStorage;
  /** WiredTiger's cache of each member, in GB. */
  cacheGB: number;
  backup?: BackupConfig;
  /** Whether there is a user that reads its metrics. Default: false. */
  monitored?: boolean;
}

/** What measures the databases and redis. */
export interface MonitoringConfig extends Pick<
  MonitoringSection,
  'prometheusOperator' | 'selectorLabels' | 'scraper' | 'dashboard' | 'thresholds'
> {
  /** Images of the exporters, with the registry that they are pulled from. */
  exporters: Readonly<Record<'mongodb' | 'redis', string>>;
}

/** The scheduled backups of a database. */
export interface BackupConfig extends Pick<BackupSection, 'schedule' | 'keep'> {
  to: BackupTarget;
}

/** Where backups go: a volume in the cluster, or a store. */
type BackupTarget = { volume: { size: string; storageClass?: string } } | { s3: S3Config };

/** An S3-compatible store. */
export interface S3Config extends Pick<S3Section, 'endpoint' | 'region' | 'accessKeyId'> {
  /** Bucket and prefix. */
  place: string;
  /** Always a secret. */
  secretAccessKey: pulumi.Output<string>;
  /** With the registry that it is pulled from. */
  image: string;
}

/** Where a database's data is, as far as a change of it could lose them: see policies/resources/data-placement.ts. */
export interface Placement extends Pick<DatabaseSection, 'replicas' | 'stopped' | 'protect' | 'rotate' | 'tls'> {
  /** DNS domain of the cluster, where it is not the usual one. */
  domain?: string;
  /** How far an adopted database asks for passwords. Absent: it is not adopted. */
  adopted?: DatabaseSection['authentication'];
  /** Of MongoDB, where the image's tag names one. */
  release?: string;
  /** As configured, and in bytes. */
  size: { text: string; bytes: number };
  storageClass?: string;
  localPath?: string;
  /** The node of each member's directory. */
  nodes?: readonly string[];
  unsafe: Pick<DatabaseSection['unsafe'], 'moveStorage' | 'moveMembers' | 'singleMember' | 'sharedHosts'>;
}

/** Where a database keeps its data: volumes of a StorageClass (default: the cluster's), or a directory for each member. */
export type DatabaseStorage = { storageClass?: string } | { directories: readonly Directory[] };

/** A directory of a node. */
export interface Directory {
  /** The node's label kubernetes.io/hostname: its name, unless the stack says otherwise. */
  hostname: string;
  path: string;
}

/** How the namespaces of the network are. */
export interface NamespacesConfig {
  /** Whether the stack makes them, made them and lets go of them, or finds them there. */
  are: NamespacesAre;
  /** What those that the stack makes enforce. */
  podSecurity: PodSecurityLevel;
}

/** What pods pull their images with. */
export interface ImagePullConfig {
  /** Names of Secrets that exist in every namespace already. */
  secrets: readonly string[];
  /** A Secret that is copied into every namespace. */
  copy?: { name: string; from: string };
  /** Credentials of which the program makes a Secret. */
  credentials?: RegistryCredentials;
}

/** User and password of the network's image registry. */
export interface RegistryCredentials {
  /** Host and port of the registry. */
  registry: string;
  username: string;
  /** Always a secret. */
  password: pulumi.Output<string>;
}

/** One service of the network, as the stack has it. */
export type ServiceConfig = {
  name: ServiceName;
  namespace: NamespaceName;
  service: ExposedService;
  /** Databases that it may use beside those of the catalogue. Default: none. */
  databases?: readonly string[];
  /** The service's own first, then its sidecars. */
  containers: readonly [ContainerConfig, ...ContainerConfig[]];
} & Replication;

/** How many pods a service has; one that keeps data in its pod has one, which is stopped before the next starts. */
export type Replication = { replicas: number; recreate: false } | { replicas: 1; recreate: true };

/** A container of a service's pod. */
export interface ContainerConfig {
  name: string;
  image: string;
  /** Arguments of the image's own program. Absent: none. */
  args?: readonly string[];
  ports: readonly number[];
  /** Port that probes connect to. Absent: the container is not probed. */
  probePort?: number;
  env: Readonly<Record<string, EnvValue>>;
  resources: Required<ContainerResources>;
  runtime?: ContainerRuntime;
  /** Numeric user that the stack says the image works as, where the catalogue knows none. */
  runAsUser?: number;
}

/** The cluster controller gateway. */
export interface GatewayConfig
  extends
    Pick<GatewaySection, 'allocationExecutionMode' | 'clusterControllerRoute' | 'policyMap' | 'env'>,
    Pick<ServiceConfig, 'service'> {
  replicas: number;
  image: string;
  resources: Required<ContainerResources>;
  /** Numeric user that the image works as. Absent: it may run as root. */
  runAsUser?: number;
  /** Images that it installs on clusters. */
  images: Readonly<Record<GatewayImage, string>>;
  /** Addresses of the services that it calls. */
  urls: Readonly<Record<GatewayUrl, string>>;
  /** Addresses that it hands to clusters. */
  globalServices: Readonly<Record<string, string>>;
}

/** The cluster that a stack is applied to. */
export interface ClusterConfig {
  context: string;
  /** Path of a kubeconfig, or its contents as a secret. Without it the client looks where kubectl does. */
  kubeconfig?: pulumi.Input<string>;
}

/** By what the cluster is known. */
export interface ClusterIdentity {
  /** Uid of its namespace kube-system. Absent: the one that was found first. */
  uid?: string;
  /** Whether it is made anew at will, as the embedded cluster is. */
  transient: boolean;
}
