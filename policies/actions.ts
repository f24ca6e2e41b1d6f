/** How the gateway reads the value of an action: the plain URI, or an object `{policyRuleURI, parameters}`. */
type BindingForm = 'uri' | 'object';

interface ActionFacts {
  form: BindingForm;
  /** Keys of the gateway's map that the action is written to. */
  keys: readonly string[];
  /** Whether the deployed gateway (6b2b17a) asks the policy; the others are stored and have no effect there. */
  consulted: boolean;
}

/**
 * The ten pre-check actions of a network.
 *
 * In the wrong form `add_node` and `remove_node` end every request in HTTP 500, so the form is part of the action.
 * `POST /clusters/create` looks up `create_cluster`, a key that the documentation does not know: `add_cluster` sets both.
 */
export const ACTIONS = {
  add_node: { form: 'object', keys: ['add_node'], consulted: true },
  remove_node: { form: 'object', keys: ['remove_node'], consulted: true },
  add_cluster: { form: 'uri', keys: ['add_cluster', 'create_cluster'], consulted: true },
  remove_cluster: { form: 'uri', keys: ['remove_cluster'], consulted: true },
  update_cluster: { form: 'uri', keys: ['update_cluster'], consulted: false },
  add_block: { form: 'uri', keys: ['add_block'], consulted: false },
  remove_block: { form: 'uri', keys: ['remove_block'], consulted: false },
  scale_block: { form: 'uri', keys: ['scale_block'], consulted: false },
  block_mgmt: { form: 'uri', keys: ['block_mgmt'], consulted: false },
  cluster_mgmt: { form: 'uri', keys: ['cluster_mgmt'], consulted: false },
} as const satisfies Record<string, ActionFacts>;

/** One of the ten pre-check actions. */
export type Action = keyof typeof ACTIONS;

/** The names of {@link ACTIONS}, in its order. */
export const ACTION_NAMES = Object.keys(ACTIONS) as Action[];

/** The policy of an action: its URI, the URI with parameters, or null for none, said on purpose. */
export type Binding = string | null | { policy: string; parameters: Record<string, unknown> };

/** A value of the gateway's map. */
type GatewayBinding = string | { policyRuleURI: string; parameters: Record<string, unknown> };

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
  return form === 'uri' ? policy : { policyRuleURI: policy, parameters };
}
