import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { caseFile, type RuleCase } from './case-file';
import { describeIssue, type RuleProblem } from './errors';
import { schemaProblems } from './json-schema';
import type { PolicyFile } from './policy-file';

/** Reads a rule's cases and checks that each keeps to the schemas, or breaks those that it says it breaks. */
export function readCases(folder: string, policy: PolicyFile, problems: RuleProblem[]): RuleCase[] {
  const inside = path.join(folder, 'cases');
  const names = existsSync(inside) ? readdirSync(inside).filter((name) => name.endsWith('.json')) : [];
  if (names.length === 0)
    problems.push({ file: 'cases', key: '', message: 'holds no *.json file; a rule without cases is not tested' });
  return names.sort().flatMap((name) => readCaseFile(folder, `cases/${name}`, policy, problems));
}

/**
 * The parameters that a rule works with. The gateway, where it runs rules itself (local), puts a binding's over those that
 * were onboarded; an executor (remote) uses the onboarded ones only where the binding has none.
 */
export function effectiveParameters(
  policy: { readonly parameters: Record<string, unknown> },
  binding: Record<string, unknown> | undefined,
  mode: 'local' | 'remote',
): Record<string, unknown> {
  if (mode === 'local') return { ...policy.parameters, ...binding };
  return binding ?? policy.parameters;
}

function readCaseFile(folder: string, file: string, policy: PolicyFile, problems: RuleProblem[]): RuleCase[] {
  const raw = parse(path.join(folder, file));
  if (raw instanceof SyntaxError) {
    problems.push({ file, key: '', message: `is not JSON: ${raw.message}` });
    return [];
  }
  const { data, error } = caseFile.safeParse(raw);
  for (const issue of error?.issues ?? []) problems.push(...describeIssue(issue).map((found) => ({ file, ...found })));
  const cases = (data ?? []).map((ruleCase) => ({ ...ruleCase, file }));
  for (const [index, ruleCase] of cases.entries())
    for (const { key, message } of departures(ruleCase, policy)) {
      const shown = `[${index}].${key}`;
      problems.push({ file, key: shown, message: `${message} (case ${JSON.stringify(ruleCase.name)})` });
    }
  return cases;
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return error;
    throw error;
  }
}

/** Where the parts of a case and its `malformed` do not agree. */
function departures(ruleCase: RuleCase, policy: PolicyFile): { key: string; message: string }[] {
  const parts = {
    input: { schema: policy.inputSchema, value: ruleCase.input },
    parameters: {
      schema: policy.parametersSchema,
      value: effectiveParameters(policy, ruleCase.parameters, ruleCase.mode),
    },
    settings: { schema: policy.settingsSchema, value: ruleCase.settings ?? policy.settings },
  };
  return Object.entries(parts).flatMap(([part, { schema, value }]) => {
    const broken = schemaProblems(schema, value);
    if (!ruleCase.malformed.some((name) => name === part))
      return broken.map(({ key, message }) => ({ key: key === '' ? part : `${part}.${key}`, message }));
    return broken.length > 0 ? [] : [{ key: 'malformed', message: `${part} keeps to its schema` }];
  });
}
