import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { type OnProgress, startCluster } from '../cluster';

/** The one stack that may do without naming its cluster: nothing else is ever applied to a cluster nobody named. */
export const DEVELOPER_STACK = 'dev';

/** What a stack is applied to: its own context, or the embedded cluster. */
export type Target =
  { kind: 'own' } | { kind: 'embedded'; kubeconfig: string; kubectl: string; environment: Record<string, string> };

/** Finds out what a stack is applied to, and starts the embedded cluster if that is it. */
export async function prepareTarget(checkout: string, stack: string, onProgress: OnProgress): Promise<Target> {
  if (stack !== DEVELOPER_STACK || (await namesContext(checkout, stack))) return { kind: 'own' };
  const { kubeconfig, kubectl } = await startCluster({ onProgress });
  return { kind: 'embedded', kubeconfig, kubectl, environment: { AIOS_EMBEDDED_KUBECONFIG: kubeconfig } };
}

async function namesContext(checkout: string, stack: string): Promise<boolean> {
  const file = path.join(checkout, 'stacks', `Pulumi.${stack}.yaml`);
  const text = await readFile(file, 'utf8').catch(() => '');
  // Whatever is wrong with the file is reported by the engine, with line and column.
  try {
    const { config } = (parse(text) ?? {}) as { config?: Record<string, { context?: unknown } | undefined> };
    return config?.['aios-network:cluster']?.context !== undefined;
  } catch {
    return false;
  }
}
