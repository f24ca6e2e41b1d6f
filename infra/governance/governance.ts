import * as pulumi from '@pulumi/pulumi';
import type { ConfigMap } from '@pulumi/kubernetes/core/v1';
import { type Policy, PolicyExecutor } from '../../policies/resources';
import type { Action } from '../../policies/actions';
import type { ExecutorConfig, NetworkConfig } from '../config';
import { actionsMap } from './actions-map';
import { Onboarding } from './onboarding';
import { resolveBindings, type ResolvedBinding } from './resolve-bindings';
import type { OnboardedRule } from './wanted-rules';

/** Arguments of {@link Governance}. */
export interface GovernanceArgs {
  config: NetworkConfig;
  /** Namespace of the policy-code server, if the program deploys one. */
  codeNamespace: { name: string; imagePullSecrets: readonly string[] };
  /** Namespace of the gateway. */
  gatewayNamespace: string;
  /** What has to be ready before policies and executors can be written. */
  prerequisites: pulumi.Input<pulumi.Resource>[];
}

/**
 * What governs the network, as far as it has to be there before the gateway: policies, executors, and the map that a
 * gateway starts with. {@link PolicyBindings} tells the running one.
 *
 * Needs the providers `kubernetes` and `aios`.
 */
export class Governance extends pulumi.ComponentResource {
  /** The network's bindings, with the URIs of their policies. */
  readonly bindings: Partial<Record<Action, ResolvedBinding>>;
  /** What the gateway has to wait for: the map of its environment, and the executor that it calls. */
  readonly gatewayPrerequisites: pulumi.Resource[];
  /** The rules that the stack uses, by the name that bindings know them by. */
  readonly rules: ReadonlyMap<string, OnboardedRule>;
  /** The policies of these rules, by URI. */
  readonly policies: ReadonlyMap<string, Policy>;

  constructor(name: string, args: GovernanceArgs, options: pulumi.ComponentResourceOptions) {
    super('aios:index:Governance', name, {}, options);
    const { policies: section } = args.config;
    const { codeNamespace, prerequisites, config } = args;
    const onboarding = new Onboarding('policies', { config, codeNamespace, prerequisites }, { parent: this });
    this.rules = onboarding.rules;
    this.policies = onboarding.policies;
    this.bindings = resolveBindings(section.bindings, onboarding.rules);

    const executors = new Map(
      Object.entries(section.executors).map(([id, executor]) => [id, this.executor(id, executor, prerequisites)]),
    );
    const used = executors.get(section.execution.executor ?? '');
    this.gatewayPrerequisites = [this.startingMap(args.gatewayNamespace), ...(used === undefined ? [] : [used])];
    this.registerOutputs({});
  }

  /** A gateway that starts between two steps of an update must not ask for a policy that isn't onboarded yet. */
  private startingMap(namespace: string): ConfigMap {
    const dependsOn = boundPolicies(this.bindings, this.policies);
    return actionsMap(this.bindings, namespace, { parent: this, dependsOn });
  }

  private executor(id: string, executor: ExecutorConfig, dependsOn: pulumi.Input<pulumi.Resource>[]): PolicyExecutor {
    return new PolicyExecutor(id, { executorId: id, ...executor }, { parent: this, dependsOn });
  }
}

/** The policies of the stack that bindings name. */
export function boundPolicies(
  bindings: Partial<Record<Action, ResolvedBinding>>,
  policies: ReadonlyMap<string, Policy>,
): Policy[] {
  const uris = new Set(Object.values(bindings).map((binding) => binding?.policy ?? ''));
  return [...policies].flatMap(([uri, policy]) => (uris.has(uri) ? [policy] : []));
}
