/** What a change of policies makes of the decisions. */
export { type ImpactOptions, policyImpact } from './impact';
export { type PolicyImpact, toDecisions } from './result';
