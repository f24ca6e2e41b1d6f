import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { ACTIONS, type Action } from '../../../../policies/actions';
import { listRules, loadRule, RULES_ROOT, schemaProblems } from '../../../../policies/packaging';

interface Example {
  policies: {
    rules?: { rule: string; parameters: Record<string, unknown> }[];
    bindings: Partial<Record<Action, string | { policy: string; parameters: Record<string, unknown> }>>;
  };
}

const text = readFileSync(path.join(__dirname, '../../../../docs/rules.md'), 'utf8');
const sections = new Map(text.split(/^## /m).map((section) => [section.slice(0, section.indexOf('\n')), section]));

describe.each(listRules())('%s', (name) => {
  const rule = loadRule(path.join(RULES_ROOT, name));
  const section = sections.get(name) ?? '';

  test('is documented with every parameter', () => {
    const forms = [
      rule.parametersSchema,
      ...((rule.parametersSchema.anyOf as Record<string, unknown>[] | undefined) ?? []),
    ];
    const parameters = forms.flatMap(({ properties }) => Object.keys((properties as object | undefined) ?? {}));
    expect(parameters.filter((parameter) => !section.includes(`\`${parameter}\``))).toEqual([]);
    expect(text).toContain(`[${name}](#${name})`);
  });

  test('has an example whose parameters reach it and are right', () => {
    const { policies } = parse(/```yaml\n([^]*?)```/.exec(section)?.[1] ?? '') as Example;
    const onboarded = policies.rules?.find((entry) => entry.rule === name)?.parameters ?? {};
    const bindings = Object.entries(policies.bindings) as [Action, Example['policies']['bindings'][Action]][];
    expect(bindings.length).toBeGreaterThan(0);
    for (const [action, binding] of bindings) {
      const { policy, parameters } = typeof binding === 'object' ? binding : { policy: binding, parameters: {} };
      expect(policy).toBe(name);
      expect(rule.actions).toContain(action);
      if (ACTIONS[action].form === 'uri') expect(parameters).toEqual({});
      expect(schemaProblems(rule.parametersSchema, { ...parameters, ...onboarded })).toEqual([]);
    }
  });
});
