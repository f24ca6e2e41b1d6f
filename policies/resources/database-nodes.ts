import * as pulumi from '@pulumi/pulumi';

/** Nodes that a stack labels for a database. Plain values: previews look for them. */
export interface DatabaseNodesArgs {
  /** Section of the stack's configuration, as messages name its key: `registry`. */
  section: string;
  /** Names of nodes. */
  nodes: readonly string[];
}

/**
 * That the nodes are there. It makes nothing: it refuses, in previews too, a node that the cluster does not have. The
 * kubernetes provider would not: a patch of a node that does not exist makes one, without a machine. What patches the nodes
 * depends on it.
 */
export class DatabaseNodes extends pulumi.CustomResource {
  constructor(name: string, args: DatabaseNodesArgs, options?: pulumi.CustomResourceOptions) {
    super('aios:database:DatabaseNodes', name, { ...args }, options);
  }
}
