import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { readCases } from './cases';
import type { RuleCase } from './case-file';
import { readCode } from './code';
import type { ArchiveFile } from './archive';
import { describeIssue, RuleError, type RuleProblem } from './errors';
import { schemaProblems, type JsonSchema } from './json-schema';
import { policyFile, URI_PREFIX, type PolicyFile } from './policy-file';

/** Where the ready-made rules are. */
export const RULES_ROOT = path.join(__dirname, '..', 'rules');

/** A pre-check rule: what its `policy.yaml` says, its code and its cases. */
export interface Rule extends Required<PolicyFile> {
  folder: string;
  /** The files of the archive: everything in `code/`. */
  files: ArchiveFile[];
  cases: RuleCase[];
}

/**
 * Reads a rule and checks all of it: policy.yaml, code, cases, and the cases against the schemas.
 * @throws RuleError telling all problems, each with its file, key, rule and fix
 */
export function loadRule(folder: string): Rule {
  const problems: RuleProblem[] = [];
  const policy = readPolicy(folder, problems);
  const files = readCode(folder, problems);
  if (policy === undefined) throw new RuleError(folder, problems);
  const cases = readCases(folder, policy, problems);
  if (problems.length > 0) throw new RuleError(folder, problems);
  return { ...policy, uriName: policy.uriName ?? `${URI_PREFIX}${policy.name}`, folder, files, cases };
}

/** The names of the rules in a folder, sorted. */
export function listRules(root: string = RULES_ROOT): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(path.join(root, entry.name, 'policy.yaml')))
    .map(({ name }) => name)
    .sort();
}

/** The URI by which a binding names the rule: `{name}:{version}-{release tag}`. */
export function policyUri({ uriName, version, releaseTag }: Pick<Rule, 'uriName' | 'version' | 'releaseTag'>): string {
  return `${uriName}:${version}-${releaseTag}`;
}

function readPolicy(folder: string, problems: RuleProblem[]): PolicyFile | undefined {
  const file = 'policy.yaml';
  const report = (key: string, message: string): void => {
    problems.push({ file, key, message });
  };
  const fullPath = path.join(folder, file);
  if (!existsSync(fullPath)) {
    report('', 'is missing; `make new-rule NAME=…` starts a rule with one');
    return undefined;
  }
  const document = parseDocument(readFileSync(fullPath, 'utf8'), { merge: true });
  const [syntaxError] = document.errors;
  if (syntaxError) {
    report('', `is not YAML: ${syntaxError.message}`);
    return undefined;
  }
  const { data, error } = policyFile.safeParse(document.toJS());
  if (!data) {
    for (const { key, message } of error.issues.flatMap(describeIssue)) report(key, message);
    return undefined;
  }
  if (data.name !== path.basename(folder))
    report('name', `is ${data.name}, but the folder is ${path.basename(folder)}; they must be the same`);
  for (const { key, message } of schemaProblems(withoutMinimum(data.parametersSchema), data.parameters))
    report(join('parameters', key), message);
  for (const { key, message } of schemaProblems(data.settingsSchema, data.settings))
    report(join('settings', key), message);
  return data;
}

/** The schema of parameters that a binding has yet to complete. */
function withoutMinimum(schema: JsonSchema): JsonSchema {
  if (Array.isArray(schema.anyOf)) return { anyOf: (schema.anyOf as JsonSchema[]).map(withoutMinimum) };
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== 'required' && key !== 'minProperties'));
}

function join(key: string, rest: string): string {
  return rest === '' || rest.startsWith('[') ? `${key}${rest}` : `${key}.${rest}`;
}
