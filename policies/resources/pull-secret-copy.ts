import * as pulumi from '@pulumi/pulumi';

/** Where a pull Secret is copied from and to. Plain values: a preview looks for it. */
export interface PullSecretCopyArgs {
  /** Name of the Secret, and of its copy. */
  name: string;
  /** Namespace that it is copied from. */
  from: string;
  /** Namespace that it is copied to. */
  to: string;
  /** Labels of the copy. */
  labels: Readonly<Record<string, string>>;
}

/**
 * A copy of a Secret that images are pulled with, kept as the original is: a new password there reaches the copy with the next
 * run. What it holds goes from the API server to the API server, and into no state.
 */
export class PullSecretCopy extends pulumi.CustomResource {
  constructor(name: string, args: PullSecretCopyArgs, options?: pulumi.CustomResourceOptions) {
    super('aios:cluster:PullSecretCopy', name, { ...args }, options);
  }
}
