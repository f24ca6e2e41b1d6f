import * as pulumi from '@pulumi/pulumi';

/** Nodes that a stack labels for a database. Plain values: previews look for them. */
export interface DatabaseNodesArgs {
  /** Section of the stack's configuration, as messages name its key: `registry`. */
  section: string;
  /** Names of nodes. */
  nodes: readonly string[];
  /** What the stack labels them with. */
  labels: Readonly<Record<string, string>>;
  /** By node: the label kubernetes.io/hostname that volumes in its directories are bound to. */
  hostnames: Readonly<Record<string, string>>;
}

/**
 * That the nodes are there. It makes nothing: it refuses, in previews too, a node that the cluster does not have, or
 * whose hostname is another one, and warns of a label that somebody else has set otherwise. The kubernetes provider would not: a patch of a node that does not exist makes one, without a machine. What patches the nodes
 * depends on it.
 */
export class DatabaseNodes extends pulumi.CustomResource {
  constructor(name: string, args: DatabaseNodesArgs, options?: pulumi.CustomResourceOptions) {
    super('aios:database:DatabaseNodes', name, { ...args }, options);
  }
}
