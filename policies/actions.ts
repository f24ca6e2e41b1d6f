/** How the gateway reads the value of an action: the plain URI, or an object `{policyRuleURI, parameters}`. */
type BindingForm = 'uri' | 'object';

/** Whose map an action is bound in: the gateway's own, or that of a cluster, in its entry of the clusters registry. */
export type Level = 'network' | 'cluster';

interface ActionFacts {
  form: BindingForm;
  /** Keys of the gateway's map that the action is written to. */
  keys: readonly string[];
  /** In whose map anything at 6b2b17a asks the policy; elsewhere it is stored and has no effect. */
  consulted: readonly Level[];
}

/** The gateway asks its own map, and the membership server of a cluster that of its cluster. */
const EVERYWHERE = ['network', 'cluster'] as const;

/**
 * The ten pre-check actions of a network.
 *
 * In the wrong form `add_node` and `remove_node` end every request in HTTP 500, so the form is part of the action.
 * `POST /clusters/create` looks up `create_cluster`, a key that the documentation does not know: `add_cluster` sets both.
 */
export const ACTIONS = {
  add_node: { form: 'object', keys: ['add_node'], consulted: EVERYWHERE },
  remove_node: { form: 'object', keys: ['remove_node'], consulted: EVERYWHERE },
  add_cluster: { form: 'uri', keys: ['add_cluster', 'create_cluster'], consulted: ['network'] },
  remove_cluster: { form: 'uri', keys: ['remove_cluster'], consulted: ['network'] },
  update_cluster: { form: 'uri', keys: ['update_cluster'], consulted: [] },
  add_block: { form: 'uri', keys: ['add_block'], consulted: [] },
  remove_block: { form: 'uri', keys: ['remove_block'], consulted: [] },
  scale_block: { form: 'uri', keys: ['scale_block'], consulted: [] },
  block_mgmt: { form: 'uri', keys: ['block_mgmt'], consulted: [] },
  cluster_mgmt: { form: 'uri', keys: ['cluster_mgmt'], consulted: [] },
} as const satisfies Record<string, ActionFacts>;

/** One of the ten pre-check actions. */
export type Action = keyof typeof ACTIONS;

/** The names of {@link ACTIONS}, in its order. */
export const ACTION_NAMES = Object.keys(ACTIONS) as Action[];

/** The policy of an action: its URI, the URI with parameters, or null for none, said on purpose. */
export type Binding = string | null | { policy: string; parameters: Record<string, unknown> };

/** A value of the gateway's map. */
type GatewayBinding = string | { policyRuleURI: string; parameters: Record<string, unknown> | null };

/**
 * The map that makes the gateway ask the bound policies, each in the form that its action needs.
 *
 * Actions without a policy are left out: an empty string would deny every `create_cluster` and `remove_cluster`.
 * Keys come in the order of {@link ACTIONS}, whatever the order of the bindings, so that equal bindings give equal JSON.
 */
export function toGatewayMap(bindings: Partial<Record<Action, Binding>>): Record<string, GatewayBinding> {
  const entries = ACTION_NAMES.flatMap((action) => {
    const binding = bindings[action];
    if (binding === undefined || binding === null) return [];
    const value = gatewayBinding(ACTIONS[action].form, binding);
    return ACTIONS[action].keys.map((key): [string, GatewayBinding] => [key, value]);
  });
  return Object.fromEntries(entries);
}

function gatewayBinding(form: BindingForm, binding: Exclude<Binding, null>): GatewayBinding {
  const { policy, parameters } = typeof binding === 'string' ? { policy: binding, parameters: {} } : binding;
  if (form === 'uri') return policy;
  // An executor lets a policy keep its own parameters only for null; a missing key reads as {}, which takes them away.
  return { policyRuleURI: policy, parameters: Object.keys(parameters).length === 0 ? null : parameters };
}
