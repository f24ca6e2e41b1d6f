import * as pulumi from '@pulumi/pulumi';
import { isKubeconfigContents } from './cluster';
import { EMBEDDED_NETWORK, readEmbeddedNetwork, usesEmbeddedNetwork } from './embedded-network';
import { problemsOf, unknownName } from './issues';
import { outlineAt } from './outline';
import { type Path, type Problem, configError, withoutConsequences } from './problems';
import { resolvePolicies } from './resolve-policies';
import { brokenRules } from './rules';
import { salvage } from './salvage';
import { type NetworkConfig, SECTIONS, type SectionName, type Sections, type ServicesConfig } from './sections';

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

/** The environment variable by which the launcher tells where the embedded cluster's kubeconfig is. */
const EMBEDDED_KUBECONFIG = 'AIOS_EMBEDDED_KUBECONFIG';

/** The context of that kubeconfig. */
const EMBEDDED_CONTEXT = 'aios-embedded';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Checks the configuration of a stack and fills in its defaults.
 * @param env the environment, for AIOS_EMBEDDED_KUBECONFIG, AIOS_EMBEDDED_NETWORK and HOME
 * @throws pulumi.RunError that tells all problems at once
 */
export function parseConfig(raw: RawConfig, env: Environment): NetworkConfig {
  const { project = 'aios-network', stack, secretKeys = [] } = raw;
  const { sections, problems } = readSections(raw.values);
  const embeddedKubeconfig = env[EMBEDDED_KUBECONFIG];
  const broken = brokenRules({
    stack,
    sections,
    secretSections: secretKeys,
    ...(embeddedKubeconfig !== undefined && { embeddedKubeconfig }),
    embeddedNetwork: Boolean(env[EMBEDDED_NETWORK]),
  });
  const all = inFileOrder([...problems, ...withoutConsequences(broken, problems)]);
  if (all.length > 0) {
    // Pulumi doesn't tell which value of a section was encrypted, so that every text of such a section may be it.
    const isSecret = (path: Path) => secretKeys.includes(String(path[0])) || holdsSecret(path);
    throw configError(all, { project, stack, isSecret });
  }
  return resolve(stack, sections as Sections, env);
}

/** Reads every section by itself; of one with problems, what is usable. */
function readSections(values: RawConfig['values']): { sections: Partial<Sections>; problems: Problem[] } {
  const names = Object.keys(SECTIONS) as SectionName[];
  const problems = Object.keys(values)
    .filter((key) => !(key in SECTIONS))
    .map((key): Problem => ({ path: [key], ...unknownName('section', key, names) }));
  const sections = names.map((name) => {
    // A key with nothing but comments below it reads as null.
    const value = values[name] ?? undefined;
    const result = SECTIONS[name].safeParse(value);
    if (result.success) return [name, result.data] as const;
    problems.push(...result.error.issues.flatMap((issue) => problemsOf(issue, name, value)));
    return [name, salvage(SECTIONS[name], value, result.error.issues)] as const;
  });
  return { sections: Object.fromEntries(sections), problems: onePerPath(problems) };
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

function resolve(stack: string, sections: Sections, env: Environment): NetworkConfig {
  const { registryCredentials, ...services } = sections.services;
  const embedded = usesEmbeddedNetwork(stack, sections) ? readEmbeddedNetwork(env[EMBEDDED_NETWORK]) : undefined;
  return {
    ...sections,
    stack,
    policies: resolvePolicies(sections.policies, embedded),
    services: withSecretPassword(services, registryCredentials),
    cluster: clusterOf(sections.cluster, env),
  };
}

function withSecretPassword(
  services: Omit<ServicesConfig, 'registryCredentials'>,
  credentials: Sections['services']['registryCredentials'],
): ServicesConfig {
  if (credentials === undefined) return services;
  return { ...services, registryCredentials: { ...credentials, password: pulumi.secret(credentials.password) } };
}

function clusterOf({ context, kubeconfig }: Sections['cluster'], env: Environment): NetworkConfig['cluster'] {
  if (context === undefined) {
    const embedded = env[EMBEDDED_KUBECONFIG];
    return { context: EMBEDDED_CONTEXT, ...(embedded !== undefined && { kubeconfig: embedded }) };
  }
  if (kubeconfig === undefined) return { context };
  if (isKubeconfigContents(kubeconfig)) return { context, kubeconfig: pulumi.secret(kubeconfig) };
  return { context, kubeconfig: kubeconfig.replace(/^~(?=\/)/, env.HOME ?? '~') };
}
