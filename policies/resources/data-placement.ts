import * as pulumi from '@pulumi/pulumi';

/** Where a database keeps its data. Plain values: what may change is decided before anything is done. */
export interface DataPlacementArgs {
  /** Section of the stack's configuration, as messages name its keys: `registry`. */
  section: string;
  /** Name of the StatefulSet, and its namespace. */
  statefulSet: string;
  namespace: string;
  /** Name of the network that the data belongs to; of one of its databases alone, for a change of it is told once. */
  network?: string;
  /** DNS domain of the cluster, as the members know each other by it. Default: cluster.local. */
  domain?: string;
  /** Of a database that upstream's installer made: how far it asks for passwords, and the field manager it was handed over to. */
  adopted?: { authentication: 'none' | 'transition' | 'enforced'; manager: string };
  /** Members of the replica set. */
  replicas: number;
  /** How often the passwords and the members' key were made anew. */
  rotate: number;
  /** How far it has gone to TLS, and the Secret with its certificate. Absent: plain text. */
  tls?: { secret: string; mode: 'allow' | 'prefer' | 'require' };
  /** Release of MongoDB: `6.0` or `6.0.27`. Absent where the image does not tell. */
  release?: string;
  /** Size of each member's volume: as configured, and in bytes. */
  size: { text: string; bytes: number };
  /** StorageClass of the volumes. Absent, and without a localPath: the cluster's default. */
  storageClass?: string;
  /** Directories of nodes, in place of volumes of a StorageClass. */
  localPath?: string;
  /** The node of each member's directory, in the members' order. Only with localPath. */
  nodes?: readonly string[];
  /** Nodes that members may run on: with these labels already, or named to get them. */
  hosts: { labels: Readonly<Record<string, string>>; named: readonly string[] };
  /** Whether all members are stopped. */
  stopped: boolean;
  /** Whether Pulumi refuses to delete the data. */
  protect: boolean;
  /** The switches that are on, as `section.unsafe.<switch>`. */
  unsafe: { moveStorage: boolean; moveMembers: boolean; singleMember: boolean; sharedHosts: boolean };
}

/**
 * The record of where a database keeps its data. It makes nothing: it refuses a change of the configuration that would lose
 * data by accident, in previews too. What must not change before it is asked depends on it.
 */
export class DataPlacement extends pulumi.CustomResource {
  constructor(name: string, args: DataPlacementArgs, options?: pulumi.CustomResourceOptions) {
    super('aios:database:DataPlacement', name, { ...args }, options);
  }
}
