import * as pulumi from '@pulumi/pulumi';
import type { MapArgs } from './pre-check-policies';

export interface ClusterPreCheckPoliciesArgs extends MapArgs {
  /** Id of a registered cluster: letters, digits, `-`, `_`, `.`. Another id is another resource. */
  clusterId: pulumi.Input<string>;
}

/** The policies of one cluster, kept with its entry in the clusters registry. Import by the cluster's id. */
export class ClusterPreCheckPolicies extends pulumi.CustomResource {
  declare readonly clusterId: pulumi.Output<string>;
  /** The cluster's map, in the form in which the gateway wants each action. */
  declare readonly effective: pulumi.Output<Record<string, unknown>>;
  /** What a delete restores. */
  declare readonly previous: pulumi.Output<Record<string, unknown>>;

  constructor(name: string, args: ClusterPreCheckPoliciesArgs, options?: pulumi.CustomResourceOptions) {
    const outputs = { effective: undefined, previous: undefined };
    super('aios:governance:ClusterPreCheckPolicies', name, { ...args, ...outputs }, options);
  }
}
