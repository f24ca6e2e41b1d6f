import type { ServiceName } from './service-names';

/**
 * One service of the network as upstream describes it. Definitions are data: what a stack changes about a service
 * (image, replicas, environment …) comes from its configuration, see infra/config/resolve/services.ts.
 */
export interface ServiceDefinition {
  /** Absent: upstream names none, and the stack has to. */
  readonly image?: ImageSource;
  /** Name of the service's own container. @default the service's name */
  readonly container?: string;
  readonly service: {
    /** Other services and other clusters reach the service by this name. */
    readonly name: string;
    readonly type: 'NodePort' | 'ClusterIP';
    readonly ports: readonly [ServicePort, ...ServicePort[]];
  };
  /** Name of the port that probes connect to. @default the first port */
  readonly probe?: string;
  readonly env?: Readonly<Record<string, EnvSource>>;
  /**
   * The databases that it opens in the replica set of its namespace, where it has a connection string: its user may read and
   * write these and no others. `any` where upstream's source does not tell.
   */
  readonly databases?: readonly string[] | 'any';
  readonly sidecars?: readonly SidecarDefinition[];
  /** Why two pods of the service would not see the same data. Absent: the service may be replicated. */
  readonly notReplicable?: string;
  /** What the process needs to run as and to write to, where that is known. */
  readonly runtime?: ContainerRuntime;
  readonly redis?: RedisUse;
}

/** A port of the Service; the container listens on the same number. */
export interface ServicePort {
  /** Required by Kubernetes where a Service has several ports. */
  readonly name?: string;
  readonly port: number;
  /** How URLs of this port begin. @default 'http' */
  readonly scheme?: 'ws' | 'redis';
  /** Port of every node. Absent: the cluster chooses one (NodePort) or there is none (ClusterIP). */
  readonly nodePort?: number;
  /** The one that upstream's installer gives it, where that is another: networks that it installed keep theirs. */
  readonly upstreamNodePort?: number;
}

/** A further container of the pod, reached over localhost only. */
export interface SidecarDefinition {
  readonly name: string;
  readonly image: ImageSource;
  readonly port?: number;
  readonly env?: Readonly<Record<string, EnvSource>>;
  readonly runtime?: ContainerRuntime;
  readonly redis?: RedisUse;
}

/** What a redis is used for. */
export interface RedisUse {
  /** Whether what it holds is worth a snapshot, which outlives a restart of the container and takes a fork with memory of its own. */
  readonly snapshots: boolean;
}

/** Facts about an image that allow a stricter security context than the default. */
export interface ContainerRuntime {
  /** Numeric user that the image works as; the container then has no capabilities. */
  readonly user: number;
  /** Directory that the process writes to: an emptyDir, kept over restarts of the container but not of the pod. */
  readonly dataDirectory: string;
}

/** Where an image comes from. */
export type ImageSource =
  /** From the network's own image registry; the tag is the stack's (`services.tag`). */
  | { readonly registry: 'network'; readonly path: string }
  /** From the public hub, or the mirror that the stack names (`services.publicImageRegistry`). */
  | { readonly registry: 'public'; readonly path: string; readonly tag: string };

/**
 * The value of an environment variable: a literal, or where it comes from.
 *
 * - `service`: URL of another service inside the cluster
 * - `host`: host name of another service inside the cluster
 * - `advertised`: URL at which other clusters reach a service, through the node port
 * - `database`: connection string, with the service's own credentials, of the database in its namespace
 * - `publicDatabase`: connection string without credentials, for what is copied out of the cluster in plain text
 * - `image`: name of an image of the network's registry
 * - `configMap`: a key of a ConfigMap in the service's namespace; a change of it restarts nothing
 */
export type EnvSource =
  | string
  | {
      readonly from: 'service';
      readonly name: ServiceName;
      /** Name of the service's port. @default the first port */
      readonly port?: string;
      /** With a leading slash. */
      readonly path?: string;
    }
  | { readonly from: 'host'; readonly name: ServiceName }
  | { readonly from: 'advertised'; readonly name: ServiceName; readonly path?: string }
  | {
      readonly from: 'database';
      /** Database that the connection string names. @default none: the service chooses */
      readonly database?: string;
    }
  | {
      readonly from: 'publicDatabase';
      /** Database that the connection string names. */
      readonly database: string;
    }
  | { readonly from: 'image'; readonly path: string }
  | { readonly from: 'configMap'; readonly name: string; readonly key: string };

/** A variable whose value is looked up in the cluster, where a pod starts. */
export type EnvReference = Extract<EnvSource, { from: 'database' | 'publicDatabase' | 'configMap' }>;

/** The value of an environment variable with nothing left to look up but in the cluster. */
export type EnvValue = string | EnvReference;
