/** Runs the code of a rule: its cases for whoever writes it, its decisions in the simulated network. */
export { type FailureKind, type RuleAnswer, RuleFailure } from './answer';
export { findPython, type Python } from './python';
export { callRule, callRuleOften, type RunOptions } from './run-rule';
