import * as pulumi from '@pulumi/pulumi';
import { packageRule, type Rule } from '../../policies/packaging';
import { Policy } from '../../policies/resources';
import type { OnboardedRule, PoliciesConfig } from '../config';
import { type Archive, PolicyCodeServer } from './policy-code-server';

/** Arguments of {@link Onboarding}. */
export interface OnboardingArgs {
  config: PoliciesConfig;
  /** Namespace of the policy-code server, if the program deploys one. */
  codeNamespace: { name: string; imagePullSecrets: readonly string[] };
  /** What has to be ready before policies can be written. */
  prerequisites: pulumi.Input<pulumi.Resource>[];
}

/** The rules that a stack uses, in the policies system, and their code where it is downloaded from. */
export class Onboarding extends pulumi.ComponentResource {
  /** The server of their code, if the program deploys one. */
  readonly codeServer: PolicyCodeServer | undefined;
  /** The policies of the rules, by URI. */
  readonly policies: ReadonlyMap<string, Policy>;

  constructor(name: string, args: OnboardingArgs, options: pulumi.ComponentResourceOptions) {
    super('aios:index:Onboarding', name, {}, options);
    const { config, codeNamespace } = args;
    const packed = config.rules.map((rule) => ({ rule, archive: archiveOf(rule.rule) }));
    const archives = new Map(packed.map(({ archive }) => [archive.fileName, archive]));

    const dependsOn = [...args.prerequisites];
    if (archives.size > 0 && !config.code.upload) {
      const { name: namespace, imagePullSecrets } = codeNamespace;
      const { image, service } = config.code;
      const served = { archives: [...archives.values()], namespace, service, image, imagePullSecrets };
      this.codeServer = new PolicyCodeServer('policy-code', served, { parent: this });
      dependsOn.push(this.codeServer);
    }

    const policies = packed.map(({ rule, archive }) => {
      const policy = new Policy(rule.name, policyArgs(rule, archive, config.code), { parent: this, dependsOn });
      return [rule.uri, policy] as const;
    });
    this.policies = new Map(policies);
    this.registerOutputs({});
  }
}

/** Packs a rule's code. Its file's name tells the content: what was onboarded once never finds other code there. */
function archiveOf(rule: Rule): Archive {
  const { fileName, content, sha256 } = packageRule(rule);
  return { fileName: fileName.replace(/\.tar\.gz$/, `-${sha256.slice(0, 12)}$&`), content, sha256 };
}

function policyArgs(onboarded: OnboardedRule, archive: Archive, code: PoliciesConfig['code']) {
  const { rule, uriName, version, settings, parameters, wanted } = onboarded;
  const url = `${code.url}/${archive.fileName}`;
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
      ...(code.upload && { upload: { url, content: archive.content.toString('base64') } }),
    },
    duplicates: wanted.duplicates,
    allowContentChange: wanted.allowContentChange,
  };
}
