import { readFileSync } from 'node:fs';
import path from 'node:path';
import { listRules, loadRule, RULES_ROOT, runCases, type Rule } from '../../../../policies/packaging';
import { findPython } from '../../../../policies/runner';
import { mutations } from './mutations';

const python = findPython();
const rules = listRules().map((name) => ({ name, rule: loadRule(path.join(RULES_ROOT, name)) }));

test('there are the rules that network owners need', () => {
  expect(rules.map(({ name }) => name)).toEqual([
    'allowed-clusters',
    'audit-only',
    'block-quota',
    'freeze-window',
    'max-nodes',
    'node-resources',
    'read-only',
    'required-tags',
  ]);
});

describe.each(rules)('$name', ({ name, rule }) => {
  test('answers its cases as expected', async () => {
    const results = await runCases(rule, { python });
    expect(results.filter(({ failure }) => failure !== undefined)).toEqual([]);
  });

  test('has cases that are allowed, denied and malformed', () => {
    expect(rule.cases.some(({ expected }) => expected.allowed)).toBe(name !== 'read-only');
    expect(rule.cases.some(({ expected }) => !expected.allowed)).toBe(true);
    expect(rule.cases.some(({ malformed }) => malformed.length > 0)).toBe(true);
  });

  test('needs no packages: installing them takes the gateway seconds at every request', () => {
    expect(readFileSync(path.join(rule.folder, 'code', 'requirements.txt'), 'utf8')).toBe('');
  });

  test('leaves all parameters to the bindings: on an executor onboarded ones would not be merged with theirs', () => {
    expect(rule.parameters).toEqual({});
  });

  test('answers whatever is sent to it', async () => {
    const results = await runCases(mutated(rule), { python });
    const crash = /Traceback|output schema|took longer|ended Python|without a reason/;
    const crashed = results.filter(({ failure = '' }) => crash.test(failure));
    expect(crashed).toEqual([]);
  });
});

/** The cases that get furthest, with every value of their parts missing, or of another kind. */
function mutated(rule: Rule): Rule {
  const furthest = rule.cases.filter(({ file }) => file !== 'cases/malformed.json');
  const cases = furthest
    .slice(0, 4)
    .flatMap((ruleCase) =>
      (['input', 'parameters', 'settings'] as const).flatMap((part) =>
        [...mutations(ruleCase[part])].map((value) => ({ ...ruleCase, [part]: value })),
      ),
    );
  return { ...rule, cases };
}
