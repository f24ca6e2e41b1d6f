import * as pulumi from '@pulumi/pulumi';
import { type Bindings, ClusterPreCheckPolicies, PreCheckPolicies } from '../../policies/resources';
import type { PoliciesConfig, ResolvedBindings } from '../config';
import type { Governance } from './governance';

/** Arguments of {@link PolicyBindings}. */
export interface PolicyBindingsArgs {
  config: PoliciesConfig;
  /** Gateway processes, each of which has a map of its own. */
  gatewayReplicas: number;
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
  /** The maps, as far as they are the stack's. */
  readonly maps: readonly pulumi.CustomResource[];

  constructor(name: string, args: PolicyBindingsArgs, options: pulumi.ComponentResourceOptions) {
    super('aios:index:PolicyBindings', name, {}, options);
    const { governance, gateway, clustersRegistry, gatewayReplicas: replicas } = args;
    const { bindings, clusters, unlisted, onDelete } = args.config;

    const maps: pulumi.CustomResource[] = [];
    // With nothing named and the rest kept there is nothing to do, and nothing to compare.
    if (Object.keys(bindings).length > 0 || unlisted === 'remove') {
      const dependsOn = [...gateway, ...governance.boundPolicies(bindings)];
      const network = { bindings: withoutEmptyParameters(bindings), unlisted, onDelete, replicas };
      maps.push(new PreCheckPolicies('network', network, { parent: this, dependsOn }));
    }
    for (const [clusterId, own] of Object.entries(clusters)) {
      const dependsOn = [...gateway, ...clustersRegistry, ...governance.boundPolicies(own)];
      const cluster = { clusterId, bindings: withoutEmptyParameters(own), unlisted, onDelete };
      maps.push(new ClusterPreCheckPolicies(clusterId, cluster, { parent: this, dependsOn }));
    }
    this.maps = maps;
    this.registerOutputs({});
  }
}

/** A diff shows what somebody wrote. */
function withoutEmptyParameters(bindings: ResolvedBindings): Bindings {
  const entries = Object.entries(bindings).map(([action, binding]) => {
    if (binding === null) return [action, null] as const;
    const { policy, parameters } = binding;
    return [action, Object.keys(parameters).length === 0 ? { policy } : { policy, parameters }] as const;
  });
  return Object.fromEntries(entries);
}
