import * as pulumi from '@pulumi/pulumi';
import type { Action } from '../actions';

/** The policy that an action is checked by. */
export interface BindingValue {
  /** URI of an onboarded policy, `name:version-tag`. */
  policy: pulumi.Input<string>;
  /**
   * Parameters of the binding, for add_node and remove_node only: the gateway takes a bare URI for the others, whose
   * parameters are those of the policy. Default: none.
   */
  parameters?: pulumi.Input<Record<string, unknown>>;
}

/** Policies by action; null: no policy, said on purpose. `add_cluster` also sets `create_cluster`, which the gateway asks. */
export type Bindings = Partial<Record<Action, BindingValue | null>>;

export interface MapArgs {
  bindings: Bindings;
  /** What becomes of actions that are not named: upstream documents `keep`. Default: keep. */
  unlisted?: pulumi.Input<'keep' | 'remove'>;
  /**
   * What a delete leaves behind, and what becomes of an action that is no longer named: what was there before this
   * resource, or nothing. What was there before does not count where it was already as wanted. Default: restore.
   */
  onDelete?: pulumi.Input<'restore' | 'clear'>;
}

export interface PreCheckPoliciesArgs extends MapArgs {
  /**
   * Gateway processes that answer at its address, each of which has a map of its own: as many answers are compared as it
   * takes to hear each of them with a chance of 99.9 %. Default: 3.
   */
  replicas?: pulumi.Input<number>;
}

/**
 * The policies of the network, in every running gateway process. A restart of the gateway returns to the map of its
 * Deployment's environment, so that has to hold the same bindings. Import by the id `network`.
 */
export class PreCheckPolicies extends pulumi.CustomResource {
  /** The gateway's map, in the form in which it wants each action. */
  declare readonly effective: pulumi.Output<Record<string, unknown>>;
  /** What a delete restores. */
  declare readonly previous: pulumi.Output<Record<string, unknown>>;

  constructor(name: string, args: PreCheckPoliciesArgs, options?: pulumi.CustomResourceOptions) {
    super('aios:governance:PreCheckPolicies', name, { ...args, effective: undefined, previous: undefined }, options);
  }
}
