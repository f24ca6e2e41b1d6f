/** Reads, checks, packs and tests the rules of policies/rules. */
export { effectiveParameters } from './cases';
export type { RuleCase } from './case-file';
export { formatProblem, RuleError, type RuleProblem } from './errors';
export { schemaProblems, type JsonSchema, type SchemaProblem } from './json-schema';
export { packageRule, type RulePackage } from './package';
export { URI_PREFIX } from './policy-file';
export { listRules, loadRule, policyUri, RULES_ROOT, type Rule } from './rule';
export { runCases, type CaseResult } from './run-cases';
