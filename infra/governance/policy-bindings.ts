import * as pulumi from '@pulumi/pulumi';
import { type Bindings, ClusterPreCheckPolicies, PreCheckPolicies } from '../../policies/resources';
import type { NetworkConfig } from '../config';
import type { Action } from '../../policies/actions';
import { boundPolicies, type Governance } from './governance';
import { resolveBindings, type ResolvedBinding } from './resolve-bindings';

/** Arguments of {@link PolicyBindings}. */
export interface PolicyBindingsArgs {
  config: NetworkConfig;
  /** The policies that are bound. */
  governance: Governance;
  /** What has to be ready before the network's map can be written: a rollout would lose it. */
  gateway: pulumi.Input<pulumi.Resource>[];
  /** What has to be ready before maps of single clusters can be written. */
  clustersRegistry: pulumi.Input<pulumi.Resource>[];
}

/**
 * Which policy the running gateway asks before which action, in the whole network and in single clusters.
 *
 * Needs the provider `aios`.
 */
export class PolicyBindings extends pulumi.ComponentResource {
  constructor(name: string, args: PolicyBindingsArgs, options: pulumi.ComponentResourceOptions) {
    super('aios:index:PolicyBindings', name, {}, options);
    const { governance, gateway, clustersRegistry } = args;
    const { bindings, clusters, unlisted, onDelete } = args.config.policies;
    const { replicas } = args.config.gateway;

    // With nothing named and the rest kept there is nothing to do, and nothing to compare.
    if (Object.keys(bindings).length > 0 || unlisted === 'remove') {
      const dependsOn = [...gateway, ...boundPolicies(governance.bindings, governance.policies)];
      const network = { bindings: withoutEmptyParameters(governance.bindings), unlisted, onDelete, replicas };
      new PreCheckPolicies('network', network, { parent: this, dependsOn });
    }
    for (const [clusterId, own] of Object.entries(clusters)) {
      const resolved = resolveBindings(own, governance.rules);
      const dependsOn = [...gateway, ...clustersRegistry, ...boundPolicies(resolved, governance.policies)];
      const cluster = { clusterId, bindings: withoutEmptyParameters(resolved), unlisted, onDelete };
      new ClusterPreCheckPolicies(clusterId, cluster, { parent: this, dependsOn });
    }
    this.registerOutputs({});
  }
}

/** A diff shows what somebody wrote. */
function withoutEmptyParameters(bindings: Partial<Record<Action, ResolvedBinding>>): Bindings {
  const entries = Object.entries(bindings).map(([action, binding]) => {
    if (binding === null) return [action, null] as const;
    const { policy, parameters } = binding;
    return [action, Object.keys(parameters).length === 0 ? { policy } : { policy, parameters }] as const;
  });
  return Object.fromEntries(entries);
}
