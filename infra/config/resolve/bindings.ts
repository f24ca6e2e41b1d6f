import type { Action } from '../../../policies/actions';
import { isPolicyUri, type NamedBindings } from '../policy-binding';

/** A binding with the URI of its policy; null: no policy, said on purpose. */
type ResolvedBinding = { policy: string; parameters: Record<string, unknown> } | null;

/** {@link ResolvedBinding}s by action. */
export type ResolvedBindings = Partial<Record<Action, ResolvedBinding>>;

/** A binding of a stack, with its place. */
export interface PlacedBinding {
  /** Absent: the network's. */
  cluster?: string;
  action: Action;
  /** Name of a rule, or URI. */
  policy: string;
  parameters: Record<string, unknown>;
}

/** The parts of section `policies` that bind. */
interface BindingSections {
  bindings: NamedBindings;
  clusters: Readonly<Record<string, NamedBindings>>;
}

/** Every binding of a policy, the network's first; those to no policy are left out. */
export function placedBindings({ bindings, clusters }: BindingSections): PlacedBinding[] {
  return [
    ...placedAt(bindings, {}),
    ...Object.entries(clusters).flatMap(([cluster, own]) => placedAt(own, { cluster })),
  ];
}

/** Puts URIs in the place of rules' names. @param uriOf the URI of a rule that the stack uses */
export function resolveBindings(bindings: NamedBindings, uriOf: (rule: string) => string): ResolvedBindings {
  const entries = Object.entries(bindings).map(([action, binding]): [string, ResolvedBinding] => {
    if (binding === null) return [action, null];
    const { policy, parameters } = withParameters(binding);
    return [action, { policy: isPolicyUri(policy) ? policy : uriOf(policy), parameters }];
  });
  return Object.fromEntries(entries);
}

function placedAt(bindings: NamedBindings, place: { cluster?: string }): PlacedBinding[] {
  return (Object.keys(bindings) as Action[]).flatMap((action) => {
    const binding = bindings[action] ?? null;
    return binding === null ? [] : [{ ...place, action, ...withParameters(binding) }];
  });
}

function withParameters(binding: NonNullable<NamedBindings[Action]>) {
  return typeof binding === 'string' ? { policy: binding, parameters: {} } : binding;
}
