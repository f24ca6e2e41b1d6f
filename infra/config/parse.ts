import { findProblems } from './checks';
import { bindingProblems } from './checks/policy-bindings';
import { ruleProblems } from './checks/policy-rules';
import { EMBEDDED_NETWORK } from './embedded-network';
import { problemsOf, unknownName } from './issues';
import type { NetworkConfig } from './network-config';
import { outlineAt } from './outline';
import { type Path, type Problem, configError, withoutConsequences } from './problems';
import { EMBEDDED_KUBECONFIG, type Environment, resolve } from './resolve';
import type { DecidingConfig } from './policies-config';
import { resolveDeciding } from './resolve/policies';
import { usedRules } from './resolve/rules';
import { salvage } from './salvage';
import { SECTIONS, type SectionName, type Sections } from './sections';

const PROJECT = 'aios-network';

/** The configuration of a stack as Pulumi holds it. */
export interface RawConfig {
  /** Project whose keys these are. Default: aios-network. */
  project?: string;
  /** Name of the stack. */
  stack: string;
  /** Values by configuration key, the project's name left out. */
  values: Readonly<Record<string, unknown>>;
  /** Configuration keys whose value holds something encrypted. Default: none. */
  secretKeys?: readonly string[];
}

/**
 * Checks the configuration of a stack, fills in its defaults and looks up what it leaves to the program.
 * @param env the environment, for AIOS_EMBEDDED_KUBECONFIG, AIOS_EMBEDDED_NETWORK and HOME
 * @throws pulumi.RunError that tells all problems at once
 */
export function parseConfig(raw: RawConfig, env: Environment): NetworkConfig {
  const { project = PROJECT, stack, secretKeys = [] } = raw;
  const { sections, problems } = readSections(raw.values);
  const { config, ...found } = resolve(stack, sections, env);
  const embeddedKubeconfig = env[EMBEDDED_KUBECONFIG];
  const broken = findProblems({
    stack,
    ...found,
    sections,
    secretSections: secretKeys,
    ...(embeddedKubeconfig !== undefined && { embeddedKubeconfig }),
    embeddedNetwork: Boolean(env[EMBEDDED_NETWORK]),
  });
  const all = inFileOrder([...problems, ...withoutConsequences(broken, problems)]);
  if (config === undefined || all.length > 0) throw unusable(all, { project, stack, secretKeys });
  return config;
}

/**
 * Reads what decides on actions, and nothing else of the stack: for a file of another time, of which no more may fit.
 * @param rulesRoot where the rules' folders are that belong to the file
 * @throws pulumi.RunError that tells all problems of section `policies`
 */
export function parsePolicies(raw: RawConfig, rulesRoot: string): DecidingConfig {
  const { project = PROJECT, stack, values, secretKeys = [] } = raw;
  const { sections, problems } = readSections('policies' in values ? { policies: values.policies } : {});
  const { policies } = sections;
  const rules = policies && usedRules(policies, rulesRoot);
  const broken = policies && rules ? [...ruleProblems(policies, rules), ...bindingProblems(policies, rules)] : [];
  const found = problems.filter(({ path }) => path[0] === 'policies');
  const all = [...found, ...withoutConsequences(broken, found)];
  if (!policies || !rules || all.length > 0) throw unusable(all, { project, stack, secretKeys });
  return resolveDeciding(policies, rules);
}

function unusable(
  problems: readonly Problem[],
  { project, stack, secretKeys }: { project: string; stack: string; secretKeys: readonly string[] },
) {
  // Pulumi doesn't tell which value of a section was encrypted, so that every text of such a section may be it.
  const isSecret = (path: Path) => secretKeys.includes(String(path[0])) || holdsSecret(path);
  return configError(problems, { project, stack, isSecret });
}

/** Reads every section by itself; of one with problems, what is usable. */
function readSections(values: RawConfig['values']): { sections: Partial<Sections>; problems: Problem[] } {
  const names = Object.keys(SECTIONS) as SectionName[];
  const problems = Object.keys(values)
    .filter((key) => !(key in SECTIONS))
    .map((key) => unknownSection(key, names));
  const sections = names.map((name) => {
    const value = values[name];
    // Pulumi hands a section without a value on as an empty text.
    if (value === null || value === '') {
      problems.push(emptied(name));
      return [name, undefined] as const;
    }
    const result = SECTIONS[name].safeParse(value);
    if (result.success) return [name, result.data] as const;
    problems.push(...result.error.issues.flatMap((issue) => problemsOf(issue, name, value)));
    return [name, salvage(SECTIONS[name], value, result.error.issues)] as const;
  });
  return { sections: Object.fromEntries(sections), problems: onePerPath(problems) };
}

function unknownSection(key: string, names: readonly SectionName[]): Problem {
  const [, section = ''] = /^(\w+)[.[]/.exec(key) ?? [];
  if (!(names as readonly string[]).includes(section)) return { path: [key], ...unknownName('section', key, names) };
  return {
    path: [key],
    rule: `is a key of its own, which nothing reads: without --path, a dot is a part of its name`,
    fix: `pulumi config rm '${key}', and set --path '${key}' instead`,
  };
}

/** A section with nothing but comments below it: its defaults would take the place of what was there, a database's storage too. */
function emptied(section: SectionName): Problem {
  return {
    path: [section],
    value: null,
    rule: 'holds nothing: whether its defaults are meant, or what was there got lost, cannot be told',
    fix: 'give it its keys, or remove the line for the defaults',
  };
}

function inFileOrder(problems: readonly Problem[]): Problem[] {
  const sections = Object.keys(SECTIONS);
  const position = ({ path }: Problem) => sections.indexOf(String(path[0]));
  return problems.toSorted((a, b) => position(a) - position(b));
}

function onePerPath(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem.path), problem])).values()];
}

/** Whether the value is a secret, or stands where an object with one should be. */
function holdsSecret(path: Path): boolean {
  const outline = outlineAt(path);
  return outline?.secret === true || Object.values(outline?.properties ?? {}).some(({ secret }) => secret === true);
}
