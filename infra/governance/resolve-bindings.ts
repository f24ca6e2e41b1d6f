import type { Action } from '../../policies/actions';
import { isPolicyUri, type PolicyBindings } from '../config/policy-binding';

/** What policies of the stack are found by: their rules' names. */
export type PolicyUris = ReadonlyMap<string, { uri: string }>;

/** A binding with the URI of its policy; null: no policy, said on purpose. */
export type ResolvedBinding = { policy: string; parameters: Record<string, unknown> } | null;

/** Puts URIs in the place of rules' names. */
export function resolveBindings(bindings: PolicyBindings, rules: PolicyUris): Partial<Record<Action, ResolvedBinding>> {
  const entries = Object.entries(bindings).map(([action, binding]): [string, ResolvedBinding] => {
    if (binding === null) return [action, null];
    const { policy, parameters } = typeof binding === 'string' ? { policy: binding, parameters: {} } : binding;
    return [action, { policy: uriOf(policy, rules), parameters }];
  });
  return Object.fromEntries(entries);
}

function uriOf(policy: string, rules: PolicyUris): string {
  if (isPolicyUri(policy)) return policy;
  const uri = rules.get(policy)?.uri;
  if (uri === undefined) throw new Error(`${policy} is no rule of the stack, and loadConfig let it be bound`);
  return uri;
}
