import type { RuleError } from '../../../policies/packaging';
import { unknownName } from '../issues';
import type { Path, Problem } from '../problems';
import type { OnboardedRule, UsedRules, WantedRule } from '../resolve/rules';
import type { Sections } from '../sections';
import { schemaViolations } from './schema-violations';

type Policies = Sections['policies'];

/** What must hold for `policies.rules`, and for the folders of the rules that the stack uses. */
export function ruleProblems(policies: Policies, { listed, folders, onboarded, unreadable }: UsedRules): Problem[] {
  return [
    ...listed.flatMap((entry, index) => unknownFolder(entry, rulePath(policies, index), folders)),
    ...listed.flatMap((entry, index) => sameName(listed, entry, index)),
    ...listed.flatMap((entry, index) => unfitValues(onboarded.get(entry.name), ['policies', 'rules', index])),
    ...unreadable.map(brokenFolder),
  ];
}

function brokenFolder({ message }: RuleError): Problem {
  return { path: ['policies', 'rules'], rule: message, fix: 'correct these files; make test-rules checks them' };
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
