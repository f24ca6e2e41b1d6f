import * as pulumi from '@pulumi/pulumi';
import type { ConfigMap } from '@pulumi/kubernetes/core/v1';
import { type Policy, PolicyExecutor } from '../../policies/resources';
import type { ExecutorConfig, PoliciesConfig, ResolvedBindings } from '../config';
import { actionsMap } from '../gateway/actions-map';
import { Onboarding } from './onboarding';

/** Arguments of {@link Governance}. */
export interface GovernanceArgs {
  config: PoliciesConfig;
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
  /** What the gateway has to wait for: the map of its environment, and the executor that it calls. */
  readonly gatewayPrerequisites: pulumi.Resource[];
  /** Services of governance that have a node port. */
  readonly services: pulumi.Resource[];
  /** The policies of the rules that the stack uses, by URI. */
  private readonly policies: ReadonlyMap<string, Policy>;

  constructor(name: string, args: GovernanceArgs, options: pulumi.ComponentResourceOptions) {
    super('aios:index:Governance', name, {}, options);
    const { codeNamespace, prerequisites, config } = args;
    const onboarding = new Onboarding('policies', { config, codeNamespace, prerequisites }, { parent: this });
    this.policies = onboarding.policies;
    this.services = onboarding.codeServer === undefined ? [] : [onboarding.codeServer.service];

    const executors = new Map(
      Object.entries(config.executors).map(([id, executor]) => [id, this.executor(id, executor, prerequisites)]),
    );
    const used = executors.get(config.execution.executor ?? '');
    this.warnOfUselessExecutors(config);
    this.gatewayPrerequisites = [
      this.startingMap(config.bindings, args.gatewayNamespace),
      ...(used === undefined ? [] : [used]),
    ];
    this.registerOutputs({});
  }

  /** Upstream's executors read each policy in the database itself, see docs/governance.md. */
  private warnOfUselessExecutors({ executors, publicDatabaseUrl }: PoliciesConfig): void {
    if (publicDatabaseUrl !== undefined) return;
    const made = Object.entries(executors).flatMap(([id, { infrastructure }]) => (infrastructure ? [id] : []));
    if (made.length === 0) return;
    const which = `${made.length === 1 ? 'Executor' : 'Executors'} ${made.join(', ')}`;
    void pulumi.log.warn(
      `${which}: no policy runs there until policies.publicDatabaseUrl says where its database is (docs/governance.md).`,
      this,
    );
  }

  /** A gateway that starts between two steps of an update must not ask for a policy that isn't onboarded yet. */
  private startingMap(bindings: ResolvedBindings, namespace: string): ConfigMap {
    return actionsMap(bindings, namespace, { parent: this, dependsOn: this.boundPolicies(bindings) });
  }

  /** The policies of the stack that bindings name. */
  boundPolicies(bindings: ResolvedBindings): Policy[] {
    const uris = new Set(Object.values(bindings).map((binding) => binding?.policy ?? ''));
    return [...this.policies].flatMap(([uri, policy]) => (uris.has(uri) ? [policy] : []));
  }

  private executor(id: string, executor: ExecutorConfig, dependsOn: pulumi.Input<pulumi.Resource>[]): PolicyExecutor {
    return new PolicyExecutor(id, { executorId: id, ...executor }, { parent: this, dependsOn });
  }
}
