import { RunError } from '@pulumi/pulumi/errors';
import { z } from 'zod';
import { httpUrl } from './scalars';
import type { Sections } from './sections';

/** The environment variable by which the launcher tells where the simulated services of the network listen. */
export const EMBEDDED_NETWORK = 'AIOS_EMBEDDED_NETWORK';

const embeddedNetwork = z.object({
  gateway: httpUrl,
  policiesSystem: httpUrl,
  clustersRegistry: httpUrl,
  policyCode: httpUrl,
});

/** Addresses of the simulated services, for the stack that uses the embedded cluster. */
export type EmbeddedNetwork = z.infer<typeof embeddedNetwork>;

/**
 * Reads {@link EMBEDDED_NETWORK}.
 * @returns undefined where it is not set
 * @throws RunError if it is not what the launcher writes
 */
export function readEmbeddedNetwork(text: string | undefined): EmbeddedNetwork | undefined {
  if (text === undefined || text === '') return undefined;
  const result = embeddedNetwork.safeParse(parseJson(text));
  if (result.success) return result.data;
  const addresses = Object.keys(embeddedNetwork.shape).join(', ');
  throw new RunError(`${EMBEDDED_NETWORK} must be a JSON object with the addresses ${addresses}`);
}

/**
 * Whether a stack's services are simulated: only stack dev, only on the embedded cluster, and only if the stack says
 * nothing of where they are.
 */
export function usesEmbeddedNetwork(stack: string, { cluster, policies }: Partial<Sections>): boolean {
  return stack === 'dev' && cluster?.context === undefined && Object.keys(policies?.endpoints ?? {}).length === 0;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
