import * as pulumi from '@pulumi/pulumi';

/** The cluster that a stack is on. Plain values: what may change is decided before anything is done. */
export interface TargetClusterArgs {
  /** Names of the namespaces that the network is in. */
  namespaces: readonly string[];
  /** Whether the stack makes them, made them and lets go of them, or finds them there. */
  namespacesAre: 'created' | 'released' | 'existing';
  /** Uid of namespace kube-system that the cluster has to have. Default: the one that was recorded first. */
  uid?: string;
  /** The cluster is made anew at will, and is not recorded. */
  transient: boolean;
}

/**
 * The record of the cluster that a stack is on. It makes nothing: it refuses, at every run, another cluster than the one that
 * was recorded, and in previews a change of the namespaces that would delete them. What must not change before it is asked
 * depends on it.
 */
export class TargetCluster extends pulumi.CustomResource {
  constructor(name: string, args: TargetClusterArgs, options?: pulumi.CustomResourceOptions) {
    super('aios:cluster:TargetCluster', name, { ...args }, options);
  }
}
