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

/** Finds out what a stack is applied to, and starts the embedded cluster and network if that is it. */
export async function prepareTarget(checkout: string, stack: string, onProgress: OnProgress): Promise<Target> {
  if (!(await usesEmbeddedCluster(checkout, stack))) return { kind: 'own' };
  const { kubeconfig, kubectl, context } = await startCluster({ onProgress });
  // No container runs in the embedded cluster: what the gateway and its neighbours would answer is simulated.
  const network = await startNetwork({ deployment: { kubeconfig, context } });
  if (network.warning !== undefined) process.stderr.write(`warning: ${network.warning}\n`);
  const environment = { AIOS_EMBEDDED_KUBECONFIG: kubeconfig, ...networkEnvironment(network) };
  const governsSimulated = !(await namesEndpoints(checkout, stack));
  return { kind: 'embedded', kubeconfig, kubectl, network, environment, governsSimulated };
}

/** Only a developer's stack that names no context does. */
export async function usesEmbeddedCluster(checkout: string, stack: string): Promise<boolean> {
  return stack === DEVELOPER_STACK && !(await namesContext(checkout, stack));
}

async function namesContext(checkout: string, stack: string): Promise<boolean> {
  return (await sectionOf(checkout, stack, 'cluster'))?.context !== undefined;
}

/** Whether the stack says itself where governance goes. Any address sends all of it there: see infra/config/embedded-network.ts. */
export async function namesEndpoints(checkout: string, stack: string): Promise<boolean> {
  const endpoints = (await sectionOf(checkout, stack, 'policies'))?.endpoints;
  return typeof endpoints === 'object' && endpoints !== null && Object.keys(endpoints).length > 0;
}

async function sectionOf(checkout: string, stack: string, name: string): Promise<Record<string, unknown> | undefined> {
  const file = path.join(checkout, 'stacks', `Pulumi.${stack}.yaml`);
  const text = await readFile(file, 'utf8').catch(() => '');
  // Whatever is wrong with the file is reported by the engine, with line and column.
  try {
    const { config } = (parseYaml(text) ?? {}) as { config?: Record<string, unknown> | null };
    const sections = Object.entries(config ?? {});
    const found = sections.find(([key]) => configKey(key, PROJECT) === `${PROJECT}:${name}`)?.[1];
    // `pulumi config set cluster '{…}'` writes a section as JSON text, which the program takes as well.
    const section = typeof found === 'string' ? (JSON.parse(found) as unknown) : found;
    return (section ?? undefined) as Record<string, unknown> | undefined;
  } catch {
    return undefined;
  }
}
