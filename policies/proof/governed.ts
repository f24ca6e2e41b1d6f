import type { Rule } from '../packaging';

/** A rule as the stack onboards it. */
export interface GovernedRule {
  /** Of the policy that it is onboarded as. */
  readonly uri: string;
  readonly name: string;
  readonly rule: Rule;
  readonly settings: Record<string, unknown>;
  readonly parameters: Record<string, unknown>;
}

type Bindings = Readonly<Partial<Record<string, { policy: string; parameters: Record<string, unknown> } | null>>>;

/** What a stack's configuration says of governance, as far as it can be proved. */
export interface Governed {
  readonly bindings: Bindings;
  /** By the ids of clusters. */
  readonly clusters: Readonly<Record<string, Bindings>>;
  readonly rules: readonly GovernedRule[];
  /** Where the archives of the rules are. */
  readonly code: { readonly url: string };
  readonly execution: { readonly mode: 'local' | 'remote' };
}

/** The URIs of all policies that are bound. */
export function boundUris({ bindings, clusters }: Pick<Governed, 'bindings' | 'clusters'>): string[] {
  const all = [bindings, ...Object.values(clusters)].flatMap((map) => Object.values(map));
  return [...new Set(all.flatMap((binding) => (binding ? [binding.policy] : [])))].sort();
}
