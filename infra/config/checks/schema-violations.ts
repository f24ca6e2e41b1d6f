import { type JsonSchema, schemaProblems } from '../../../policies/packaging';
import { unknownName } from '../issues';
import type { Path, Problem } from '../problems';

/** Something that a rule's JSON Schema does not allow. */
export interface Violation {
  /** The topmost key that it is about; undefined for the value as a whole. */
  topKey?: string;
  /** The problem, with the value's own place as the beginning of its path. */
  problemAt: (path: Path) => Problem;
}

/**
 * What a rule's schema of its parameters or settings does not allow.
 * @param ruleFolder name of the rule's folder
 */
export function schemaViolations(schema: JsonSchema, value: unknown, ruleFolder: string): Violation[] {
  const fix = `see policies/rules/${ruleFolder}/policy.yaml for what the rule takes`;
  return schemaProblems(schema, value).flatMap(({ key, message, unknownKeys }) => {
    if (unknownKeys !== undefined) return unknownKeys.map((name) => unknownParameter(schema, key, name));
    return [violation(key, { rule: message, fix })];
  });
}

function unknownParameter(schema: JsonSchema, parent: string, name: string): Violation {
  const known = parent === '' && typeof schema.properties === 'object' ? Object.keys(schema.properties ?? {}) : [];
  const key = parent === '' ? name : `${parent}.${name}`;
  const problem = { rule: 'is unknown to the rule', fix: 'remove it' };
  return violation(key, known.length === 0 ? problem : unknownName('parameter', name, known));
}

function violation(key: string, problem: Omit<Problem, 'path'>): Violation {
  const [topKey = ''] = key.split(/[.[]/);
  return {
    ...(topKey !== '' && { topKey }),
    problemAt: (path) => ({ ...problem, path: key === '' ? path : [...path, key] }),
  };
}
