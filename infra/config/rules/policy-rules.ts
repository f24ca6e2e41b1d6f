import { listRules, loadRule, type Rule as PolicyRule, RuleError } from '../../../policies/packaging';
import { onboardedRule, type OnboardedRule, type WantedRule, wantedRules } from '../../governance/wanted-rules';
import { unknownName } from '../issues';
import type { Path, Problem } from '../problems';
import type { Sections } from '../sections';
import { schemaViolations } from './schema-violations';

type Policies = Sections['policies'];

/** The rules that a stack can bind, by name. */
export interface KnownRules {
  /** Every name that a binding may use. */
  names: string[];
  /** Those that are used and can be read. */
  onboarded: ReadonlyMap<string, OnboardedRule>;
  /** Problems of `policies.rules`, and of the folders of rules. */
  problems: Problem[];
}

/** Reads the rules that the stack uses. */
export function knownRules(policies: Policies): KnownRules {
  const folders = listRules();
  const wanted = wantedRules(policies);
  const listed = wanted.slice(0, policies.rules.length);
  const read = wanted.filter(({ rule }) => folders.includes(rule)).map(readRule);
  const onboarded = new Map(read.flatMap((result) => ('uri' in result ? [[result.name, result] as const] : [])));
  return {
    names: [...new Set([...listed.map(({ name }) => name), ...folders])],
    onboarded,
    problems: [
      ...listed.flatMap((entry, index) => unknownFolder(entry, rulePath(policies, index), folders)),
      ...listed.flatMap((entry, index) => sameName(listed, entry, index)),
      ...listed.flatMap((entry, index) => unfitValues(onboarded.get(entry.name), ['policies', 'rules', index])),
      ...read.flatMap((result) => ('uri' in result ? [] : [result])),
    ],
  };
}

const read = new Map<string, PolicyRule>();

/** Rules do not change while a program runs, and many bindings share one. */
function loadOnce(folder: string): PolicyRule {
  const rule = read.get(folder) ?? loadRule(folder);
  read.set(folder, rule);
  return rule;
}

function readRule(wanted: WantedRule): OnboardedRule | Problem {
  try {
    return onboardedRule(wanted, loadOnce);
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    return {
      path: ['policies', 'rules'],
      rule: error.message,
      fix: 'correct these files; make test-rules checks them',
    };
  }
}

/** An entry is a name, or an object that holds it. */
const rulePath = ({ rules }: Policies, index: number): Path =>
  typeof rules[index] === 'string' ? ['policies', 'rules', index] : ['policies', 'rules', index, 'rule'];

function unknownFolder({ rule }: WantedRule, path: Path, folders: readonly string[]): Problem[] {
  return folders.includes(rule) ? [] : [{ path, value: rule, ...unknownName('rule', rule, folders) }];
}

function sameName(listed: readonly WantedRule[], { name }: WantedRule, index: number): Problem[] {
  const first = listed.findIndex((other) => other.name === name);
  if (first === index) return [];
  return [
    {
      path: ['policies', 'rules', index],
      rule: `is named ${name}, and so is policies.rules[${first}]`,
      fix: 'remove one of the two, or give this one another name',
    },
  ];
}

/** What a binding adds is not known here: only the parameters that the entry itself gives are looked at. */
function unfitValues(onboarded: OnboardedRule | undefined, path: Path): Problem[] {
  if (onboarded === undefined) return [];
  const { rule, settings, parameters, wanted } = onboarded;
  return [
    ...schemaViolations(rule.settingsSchema, settings, rule.name).map((one) => one.problemAt([...path, 'settings'])),
    ...schemaViolations(rule.parametersSchema, parameters, rule.name)
      .filter(({ topKey }) => topKey !== undefined && topKey in wanted.parameters)
      .map((one) => one.problemAt([...path, 'parameters'])),
  ];
}
