import { isDeepStrictEqual } from 'node:util';
import { callRuleOften, type Python, type RuleAnswer, RuleFailure } from '../runner';
import type { RuleCase } from './case-file';
import { effectiveParameters } from './cases';
import { schemaProblems } from './json-schema';
import { packageRule } from './package';
import type { Rule } from './rule';

/** What became of a case. */
export interface CaseResult {
  case: RuleCase;
  /** Why the case failed: `expected … / actual …`, or what went wrong. Undefined where it passed. */
  failure?: string;
}

/**
 * Runs a rule's cases on its archive, as it is served. A case that takes too long, or takes Python down, fails alone.
 * @param options.timeLimit of a case, in milliseconds
 */
export async function runCases(
  rule: Rule,
  { python, timeLimit = 5_000 }: { python: Python; timeLimit?: number },
): Promise<CaseResult[]> {
  const calls = rule.cases.map((ruleCase) => ({
    settings: ruleCase.settings ?? rule.settings,
    parameters: effectiveParameters(rule, ruleCase.parameters, ruleCase.mode),
    input: ruleCase.input,
    context: ruleCase.context,
    stubs: ruleCase.stubs,
  }));
  const answers = await callRuleOften(packageRule(rule).content, calls, { python, timeLimit });
  return rule.cases.map((ruleCase, index) => {
    const answer = answers[index] ?? { failure: new RuleFailure('ended', 'was not run') };
    const failure = judge(rule, ruleCase, answer);
    return failure === undefined ? { case: ruleCase } : { case: ruleCase, failure };
  });
}

/** Why an answer is not what the case expects. */
function judge(rule: Rule, { expected }: RuleCase, answer: RuleAnswer): string | undefined {
  if ('failure' in answer) return describe(answer.failure);
  const broken = schemaProblems(rule.outputSchema, answer.result);
  const actual = answer.result as Record<string, unknown>;
  if (broken.length > 0)
    return `answered ${JSON.stringify(actual)}, which the output schema does not allow: ${broken
      .map(({ key, message }) => `${key} ${message}`.trim())
      .join('; ')}`;
  const wrong = Object.entries(expected).some(([key, value]) => !isDeepStrictEqual(actual[key], value));
  if (wrong) return `expected ${JSON.stringify(expected)}\nactual   ${JSON.stringify(actual)}`;
  const reason = actual.reason;
  if (!expected.allowed && (typeof reason !== 'string' || reason === ''))
    return `denied without a reason\nactual   ${JSON.stringify(actual)}`;
  return undefined;
}

/** An exception with its place, anything else with what Python said last. */
function describe({ kind, message, trace = '' }: RuleFailure): string {
  if (kind === 'raised') return trace;
  return trace === '' ? message : `${message}:\n${trace}`;
}
