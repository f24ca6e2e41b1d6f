import path from 'node:path';
import { loadRule, policyUri, RULES_ROOT, type Rule, URI_PREFIX } from '../../policies/packaging';
import type { Action } from '../../policies/actions';
import type { RuleOverrides } from '../config/policies';
import { isPolicyUri, type PolicyBindings } from '../config/policy-binding';

/** The parts of section `policies` that name rules. */
export interface RuleUses {
  rules: readonly (string | RuleOverrides)[];
  bindings: PolicyBindings;
  clusters: Readonly<Record<string, PolicyBindings>>;
}

/** A rule that a stack uses, and what it says about it. */
export interface WantedRule extends Omit<RuleOverrides, 'name'> {
  /** Name by which bindings know it. */
  name: string;
}

/** A rule as the policies system is to hold it. */
export interface OnboardedRule {
  /** Name by which bindings know it. */
  name: string;
  /** The policy's name in the policies system. */
  uriName: string;
  version: string;
  uri: string;
  settings: Record<string, unknown>;
  parameters: Record<string, unknown>;
  rule: Rule;
  wanted: WantedRule;
}

/** A binding of a stack, with its place. */
export interface PlacedBinding {
  /** Absent: the network's. */
  cluster?: string;
  action: Action;
  /** Name of a rule, or URI. */
  policy: string;
  parameters: Record<string, unknown>;
}

/** The rules that a stack lists, then those that only a binding names. */
export function wantedRules(uses: RuleUses): WantedRule[] {
  const listed = uses.rules.map(wantedRule);
  const known = new Set(listed.map(({ name }) => name));
  const bound = new Set(placedBindings(uses).map(({ policy }) => policy));
  const further = [...bound].filter((policy) => !isPolicyUri(policy) && !known.has(policy)).sort();
  return [...listed, ...further.map(wantedRule)];
}

/** Every binding of a policy, the network's first; those to no policy are left out. */
export function placedBindings({ bindings, clusters }: Pick<RuleUses, 'bindings' | 'clusters'>): PlacedBinding[] {
  return [
    ...bindingsAt(bindings, {}),
    ...Object.entries(clusters).flatMap(([cluster, own]) => bindingsAt(own, { cluster })),
  ];
}

/**
 * Reads a rule and puts what the stack says over it.
 * @throws RuleError if the rule's folder has problems
 */
export function onboardedRule(wanted: WantedRule, load: (folder: string) => Rule = loadRule): OnboardedRule {
  const rule = load(path.join(RULES_ROOT, wanted.rule));
  const uriName = wanted.name === rule.name ? rule.uriName : `${URI_PREFIX}${wanted.name}`;
  const version = wanted.version ?? rule.version;
  return {
    name: wanted.name,
    uriName,
    version,
    uri: policyUri({ uriName, version, releaseTag: rule.releaseTag }),
    settings: { ...rule.settings, ...wanted.settings },
    parameters: { ...rule.parameters, ...wanted.parameters },
    rule,
    wanted,
  };
}

function wantedRule(entry: string | RuleOverrides): WantedRule {
  if (typeof entry !== 'string') return { ...entry, name: entry.name ?? entry.rule };
  return { rule: entry, name: entry, settings: {}, parameters: {}, duplicates: 'report', allowContentChange: false };
}

function bindingsAt(bindings: PolicyBindings, place: { cluster?: string }): PlacedBinding[] {
  return (Object.keys(bindings) as Action[]).flatMap((action) => {
    const binding = bindings[action];
    if (binding === undefined || binding === null) return [];
    const { policy, parameters } = typeof binding === 'string' ? { policy: binding, parameters: {} } : binding;
    return [{ ...place, action, policy, parameters }];
  });
}
