import * as pulumi from '@pulumi/pulumi';

type JsonObject = pulumi.Input<Record<string, unknown>>;

export interface PolicyCode {
  /** Where the gateway and executors download the archive. Another address of the same archive is no other content. */
  url: pulumi.Input<string>;
  /** SHA-256 of the archive, in hexadecimal; stored in the entry's metadata as `code_sha256`. */
  sha256: pulumi.Input<string>;
  /** Puts the archive there first. Default: it is there already. */
  upload?: pulumi.Input<{
    /** Gets a PUT with the archive. */
    url: pulumi.Input<string>;
    /** The archive in base64. */
    content: pulumi.Input<string>;
  }>;
}

export interface PolicyArgs {
  /** As in `aiosv1.policies.cluster-controller-gateway.max-nodes`, without spaces, `/` and `:`. */
  name: pulumi.Input<string>;
  /** As in `v0.0.1`. Name, version and tag make the URI: others make another policy, onboarded before this one goes. */
  version: pulumi.Input<string>;
  /** Default: stable. */
  releaseTag?: pulumi.Input<string>;
  /** What kind of policy it is, to the policies system. */
  type: pulumi.Input<string>;
  /** Default: empty. It, tags and metadata describe the policy, and may change without a new version. */
  description?: pulumi.Input<string>;
  /** Default: none. */
  tags?: pulumi.Input<pulumi.Input<string>[]>;
  /** Default: empty. */
  metadata?: JsonObject;
  /** JSON Schema of the input. Default: empty. */
  inputSchema?: JsonObject;
  /** JSON Schema of the output. Default: empty. */
  outputSchema?: JsonObject;
  /** JSON Schema of the settings. Default: empty. */
  settingsSchema?: JsonObject;
  /** JSON Schema of the parameters. Default: empty. */
  parametersSchema?: JsonObject;
  /** Default: empty. */
  settings?: JsonObject;
  /**
   * Where the gateway runs the policy itself, those of a binding win over them; on an executor they count only where
   * the binding has none. Default: empty.
   */
  parameters?: JsonObject;
  /** Default: empty. */
  functionalityData?: JsonObject;
  /** Default: empty. */
  resourceEstimates?: JsonObject;
  code: PolicyCode;
  /** What becomes of further entries of the same URI, which the policies system allows: `report` warns of them, `clean` removes all but one. Default: report. */
  duplicates?: pulumi.Input<'report' | 'clean'>;
  /** Whether a version may be overwritten with other content, rather than refused. Default: false. */
  allowContentChange?: pulumi.Input<boolean>;
}

/**
 * A policy, onboarded: one entry in the policies system. It is not deleted as long as the network's map or a cluster's binds
 * it. Import by its URI.
 */
export class Policy extends pulumi.CustomResource {
  /** `name:version-tag`, as bindings name it. */
  declare readonly uri: pulumi.Output<string>;

  constructor(name: string, args: PolicyArgs, options?: pulumi.CustomResourceOptions) {
    super('aios:governance:Policy', name, { ...args, uri: undefined, entries: undefined }, options);
  }
}
