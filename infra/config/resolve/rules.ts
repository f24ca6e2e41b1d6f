import path from 'node:path';
import {
  listRules,
  loadRule,
  policyUri,
  type Rule,
  RuleError,
  RULES_ROOT,
  URI_PREFIX,
} from '../../../policies/packaging';
import type { RuleOverrides } from '../policies';
import { isPolicyUri } from '../policy-binding';
import type { Sections } from '../sections';
import { placedBindings } from './bindings';

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

/** The rules of section `policies`. */
export interface UsedRules {
  /** The entries of `policies.rules`, in their order. */
  listed: readonly WantedRule[];
  /** The folders of policies/rules. */
  folders: readonly string[];
  /** The rules that are used and can be read, by the name that bindings know them by: listed ones first. */
  onboarded: ReadonlyMap<string, OnboardedRule>;
  /** Folders that are used and cannot be read. */
  unreadable: readonly RuleError[];
}

/**
 * Reads the rules that a stack lists, and those that only a binding names.
 * @param root where the rules' folders are
 */
export function usedRules(policies: Sections['policies'], root: string = RULES_ROOT): UsedRules {
  const folders = listRules(root);
  const listed = policies.rules.map(wantedRule);
  const wanted = [...listed, ...onlyBound(policies, listed)].filter(({ rule }) => folders.includes(rule));
  const read = wanted.map((rule) => readRule(rule, root));
  return {
    listed,
    folders,
    onboarded: new Map(read.flatMap((result) => (result instanceof RuleError ? [] : [[result.name, result] as const]))),
    unreadable: read.filter((result) => result instanceof RuleError),
  };
}

function onlyBound(policies: Sections['policies'], listed: readonly WantedRule[]): WantedRule[] {
  const known = new Set(listed.map(({ name }) => name));
  const bound = new Set(placedBindings(policies).map(({ policy }) => policy));
  return [...bound]
    .filter((policy) => !isPolicyUri(policy) && !known.has(policy))
    .sort()
    .map(wantedRule);
}

function wantedRule(entry: string | RuleOverrides): WantedRule {
  if (typeof entry !== 'string') return { ...entry, name: entry.name ?? entry.rule };
  return { rule: entry, name: entry, settings: {}, parameters: {}, duplicates: 'report', allowContentChange: false };
}

/** The rule's folder, with what the stack says over it. */
function readRule(wanted: WantedRule, root: string): OnboardedRule | RuleError {
  try {
    const rule = loadOnce(path.join(root, wanted.rule));
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
  } catch (error) {
    if (error instanceof RuleError) return error;
    throw error;
  }
}

const loaded = new Map<string, Rule>();

/** Rules do not change while a program runs, and many bindings share one. */
function loadOnce(folder: string): Rule {
  const rule = loaded.get(folder) ?? loadRule(folder);
  loaded.set(folder, rule);
  return rule;
}
