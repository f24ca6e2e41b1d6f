import { RunError } from '@pulumi/pulumi/errors';
import type { core } from 'zod';

/** Something in a rule's folder that has to be put right. */
export interface RuleProblem {
  /** The file, relative to the rule's folder. */
  file: string;
  /** The key in that file, `parametersSchema.properties.max`; empty where the file itself is meant. */
  key: string;
  /** What is wrong, and how to mend it. */
  message: string;
}

/** A rule's folder cannot be used. Tells all problems at once; Pulumi shows it without a stack trace. */
export class RuleError extends RunError {
  constructor(
    readonly folder: string,
    readonly problems: readonly RuleProblem[],
  ) {
    super(
      [`the rule in ${folder} cannot be used`, ...problems.map((problem) => `  ${formatProblem(problem)}`)].join('\n'),
    );
  }
}

/** `policy.yaml: parameters.max: must be …` */
function formatProblem({ file, key, message }: RuleProblem): string {
  return [file, key, message].filter((part) => part !== '').join(': ');
}

/** A path as one finds it in the file: `windows[0].start`. */
function formatKey(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
}

/** An issue of zod in words of ours. */
export interface IssueDescription {
  /** Where in the value: `windows[0].start`; empty for the value itself. */
  key: string;
  message: string;
  /** The keys that are not known there, where that is the matter. */
  unknownKeys?: readonly string[];
}

/** What an issue of zod means: where it is, and what is to be put right. Of several forms, the one most nearly met. */
export function describeIssue(issue: core.$ZodIssue): IssueDescription[] {
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const [nearest = []] = issue.errors.toSorted((a, b) => distance(a) - distance(b));
    return nearest.flatMap((inner) => describeIssue({ ...inner, path: [...issue.path, ...inner.path] }));
  }
  const description = { key: formatKey(issue.path), message: messageOf(issue) };
  return [issue.code === 'unrecognized_keys' ? { ...description, unknownKeys: issue.keys } : description];
}

/** A value of another type is further from a form than one that breaks its rules, and the nearer the deeper they lie. */
function distance(issues: readonly core.$ZodIssue[]): number {
  const ofAnotherType = issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0);
  const depth = Math.max(...issues.map(({ path }) => path.length));
  return issues.length - depth / 100 + (ofAnotherType ? 1_000 : 0);
}

function messageOf(issue: core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `has unknown keys: ${issue.keys.join(', ')}`;
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return 'is required';
  return issue.message.replace(/^(Invalid input|Too small|Too big|Invalid string|Invalid option): /, '');
}
