/** Reads, checks, packs and tests the rules of policies/rules. */
export { effectiveParameters } from './cases';
export { RuleError } from './errors';
export { schemaProblems, type JsonSchema } from './json-schema';
export { packageRule } from './package';
export { URI_PREFIX } from './policy-file';
export { listRules, loadRule, policyUri, RULES_ROOT, type Rule } from './rule';
export { runCases } from './run-cases';
