import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { configKey, parseYaml } from '../../stack-file';
import { startCluster } from '../cluster';
import { type Access, networkEnvironment, startNetwork } from '../network';
import type { OnProgress } from '../shared/cli/progress';

/** The one stack that may do without naming its cluster: nothing else is ever applied to a cluster nobody named. */
export const DEVELOPER_STACK = 'dev';

const PROJECT = 'aios-network';

/** What a stack is applied to: its own context, or the embedded cluster. */
export type Target = { kind: 'own' } | EmbeddedTarget;

export interface EmbeddedTarget {
  kind: 'embedded';
  kubeconfig: string;
  kubectl: string;
  /** The simulated network. */
  network: Access;
  /** What the program has to know of it. */
  environment: Record<string, string>;
  /** Whether the stack's policies go to the simulated network, and not to endpoints that it names. */
  governsSimulated: boolean;
}

/** What a stack's file says about what the stack is applied to. */
export interface Destination {
  /** Only a developer's stack that names no context goes to the embedded cluster. */
  usesEmbeddedCluster: boolean;
  /** Whether it says itself where governance goes. Any address sends all of it there: see infra/config/embedded-network.ts. */
  namesEndpoints: boolean;
  /** Its section on what must not be; undefined where that disables all guardrails. One that cannot be read is empty. */
  guardrails: Section | undefined;
}

export async function readDestination(checkout: string, stack: string): Promise<Destination> {
  const sections = await readSections(checkout, stack);
  const endpoints = sections('policies')?.endpoints;
  return {
    usesEmbeddedCluster: stack === DEVELOPER_STACK && sections('cluster')?.context === undefined,
    guardrails: unlessDisabled(sections('guardrails')),
    namesEndpoints: typeof endpoints === 'object' && endpoints !== null && Object.keys(endpoints).length > 0,
  };
}

/** What a section `guardrails` makes of them, as a whole and by name. */
const levelsOf = ({ enforcement, rules }: Section) => [enforcement, ...Object.values((rules ?? {}) as Section)];

/** All guardrails are disabled, and none of them is enabled by name. */
function unlessDisabled(section: Section = {}): Section | undefined {
  return levelsOf(section).every((level) => level === 'disabled') ? undefined : section;
}

/** Whether a section `guardrails` lets any of them fail a run. */
export const isMandatory = (section: Section) => levelsOf(section).includes('mandatory');

/** Starts the embedded cluster and network, if a stack is applied to them. */
export async function prepareTarget(destination: Destination, onProgress: OnProgress): Promise<Target> {
  if (!destination.usesEmbeddedCluster) return { kind: 'own' };
  const { kubeconfig, kubectl, context } = await startCluster({ onProgress });
  // No container runs in the embedded cluster: what the gateway and its neighbours would answer is simulated.
  const network = await startNetwork({ deployment: { kubeconfig, context } });
  if (network.warning !== undefined) process.stderr.write(`warning: ${network.warning}\n`);
  const environment = { AIOS_EMBEDDED_KUBECONFIG: kubeconfig, ...networkEnvironment(network) };
  const governsSimulated = !destination.namesEndpoints;
  return { kind: 'embedded', kubeconfig, kubectl, network, environment, governsSimulated };
}

export type Section = Record<string, unknown>;

/** Finds the sections of a stack's file by name. Whatever is wrong with it is reported by the engine, with line and column. */
async function readSections(checkout: string, stack: string): Promise<(name: string) => Section | undefined> {
  const file = path.join(checkout, 'stacks', `Pulumi.${stack}.yaml`);
  const text = await readFile(file, 'utf8').catch(() => '');
  const sections = attempt(() => Object.entries((parseYaml(text) as { config?: Section | null } | null)?.config ?? {}));
  return (name) =>
    attempt(() => {
      const found = sections?.find(([key]) => configKey(key, PROJECT) === `${PROJECT}:${name}`)?.[1];
      // `pulumi config set cluster '{…}'` writes a section as JSON text, which the program takes as well.
      const section = typeof found === 'string' ? (JSON.parse(found) as unknown) : found;
      return (section ?? undefined) as Section | undefined;
    });
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
