import * as pulumi from '@pulumi/pulumi';

export interface PolicyExecutorArgs {
  /** Letters, digits, `-`, `_`, `.`; with infrastructure a DNS label. Another id is another executor. */
  executorId: pulumi.Input<string>;
  /** IP address or host name of its cluster: it is reached at http://<that>:30900. */
  clusterPublicIp: pulumi.Input<string>;
  /** Default: empty. */
  metadata?: pulumi.Input<Record<string, unknown>>;
  /** Default: empty. */
  hardware?: pulumi.Input<Record<string, unknown>>;
  /** Has the policies system deploy the executor on its cluster. Default: it runs there already. */
  infrastructure?: {
    /** Contents of the cluster's kubeconfig, YAML or JSON. Always a secret. */
    kubeconfig: pulumi.Input<string>;
    /** Policies that it executes at a time. */
    maxProcesses: pulumi.Input<number>;
  };
}

/** An executor that policies can be executed by, registered in the policies system. Import by its id. */
export class PolicyExecutor extends pulumi.CustomResource {
  declare readonly executorId: pulumi.Output<string>;
  /** Whether the policies system has deployed it. */
  declare readonly hasInfrastructure: pulumi.Output<boolean>;

  constructor(name: string, args: PolicyExecutorArgs, options?: pulumi.CustomResourceOptions) {
    const { infrastructure: given } = args;
    const infrastructure = given && { ...given, kubeconfig: pulumi.secret(given.kubeconfig) };
    super('aios:governance:PolicyExecutor', name, { ...args, infrastructure, hasInfrastructure: undefined }, options);
  }
}
