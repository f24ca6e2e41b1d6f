import * as pulumi from '@pulumi/pulumi';
import { Policy } from '../../policies/resources';
import type { NetworkConfig } from '../config';
import { publicImage } from '../services/images';
import { type Archive, archiveOf } from './archives';
import { advertisedPolicyCode } from './policy-code-address';
import { PolicyCodeServer } from './policy-code-server';
import { type OnboardedRule, onboardedRule, wantedRules } from './wanted-rules';

/** Arguments of {@link Onboarding}. */
export interface OnboardingArgs {
  config: NetworkConfig;
  /** Namespace of the policy-code server, if the program deploys one. */
  codeNamespace: { name: string; imagePullSecrets: readonly string[] };
  /** What has to be ready before policies can be written. */
  prerequisites: pulumi.Input<pulumi.Resource>[];
}

/** The rules that a stack uses, in the policies system, and their code where it is downloaded from. */
export class Onboarding extends pulumi.ComponentResource {
  /** Every rule that the stack uses, by the name that bindings know it by. */
  readonly rules: ReadonlyMap<string, OnboardedRule>;
  /** Their policies, by URI. */
  readonly policies: ReadonlyMap<string, Policy>;

  constructor(name: string, args: OnboardingArgs, options: pulumi.ComponentResourceOptions) {
    super('aios:index:Onboarding', name, {}, options);
    const { config, codeNamespace } = args;
    const { code, ...uses } = config.policies;
    const rules = wantedRules(uses).map((wanted) => onboardedRule(wanted));
    const archives = new Map(rules.map(({ rule }) => [rule.name, archiveOf(rule)]));

    const dependsOn = [...args.prerequisites];
    if (archives.size > 0 && code.uploadUrl === undefined) {
      const image = publicImage(code.image, config.services);
      const { name: namespace, imagePullSecrets } = codeNamespace;
      const served = { archives: [...archives.values()], namespace, image, imagePullSecrets };
      dependsOn.push(new PolicyCodeServer('policy-code', served, { parent: this }));
    }

    const policies = rules.map((rule) => {
      const archive = archives.get(rule.rule.name);
      if (archive === undefined) throw new Error(`the rule ${rule.rule.name} was not packed`);
      const policy = new Policy(rule.name, policyArgs(rule, archive, config), { parent: this, dependsOn });
      return [rule.uri, policy] as const;
    });
    this.rules = new Map(rules.map((rule) => [rule.name, rule]));
    this.policies = new Map(policies);
    this.registerOutputs({});
  }
}

function policyArgs(onboarded: OnboardedRule, archive: Archive, config: NetworkConfig) {
  const { rule, uriName, version, settings, parameters, wanted } = onboarded;
  const { uploadUrl } = config.policies.code;
  const base = uploadUrl ?? advertisedPolicyCode(config.network.advertisedHost);
  const url = `${base.replace(/\/$/, '')}/${archive.fileName}`;
  return {
    name: uriName,
    version,
    releaseTag: rule.releaseTag,
    type: rule.type,
    description: rule.description,
    tags: rule.tags,
    metadata: rule.metadata,
    inputSchema: rule.inputSchema,
    outputSchema: rule.outputSchema,
    settingsSchema: rule.settingsSchema,
    parametersSchema: rule.parametersSchema,
    settings,
    parameters,
    functionalityData: rule.functionalityData,
    resourceEstimates: rule.resourceEstimates,
    code: {
      url,
      sha256: archive.sha256,
      ...(uploadUrl !== undefined && { upload: { url, content: archive.content.toString('base64') } }),
    },
    duplicates: wanted.duplicates,
    allowContentChange: wanted.allowContentChange,
  };
}
