import * as pulumi from '@pulumi/pulumi';
import { DEFAULT_EXECUTOR } from '../catalogue';
import type { NetworkConfig } from '../config';

/** Calls at a time, and how long all of them may take, in milliseconds. */
const CONCURRENCY = 8;
const TIMEOUT = 60_000;

/** The environment variable that ends updates without the proof: for a network whose policies cannot be mended now. */
const SWITCH = 'AIOS_PROOF';

/**
 * At the end of every update, proves that each policy that is bound can be run: whatever asks for one that cannot is
 * denied. Previews prove nothing, and what cannot be looked at from here is only told.
 *
 * @param bindings what tells the gateway of policies, which has to be done before; without any, nothing is asked
 */
export function proveBound(config: NetworkConfig, bindings: readonly pulumi.CustomResource[]): void {
  const isWanted = process.env[SWITCH] !== 'off' && bindings.length > 0;
  if (pulumi.runtime.isDryRun() || !isWanted) return;
  const connections = pulumi.output({ ...config.policies.endpoints, ...config.cluster, concurrency: CONCURRENCY });
  const done = pulumi.all(bindings.map(({ id }) => id));
  // Not a resource: it has nothing to keep, and nothing to show in a diff.
  done.apply(() => connections.apply((to) => requireRunnable(config, to as Connections)));
}

type Connections = Parameters<(typeof import('../../policies/proof'))['connect']>[0];

/** @throws pulumi.RunError with a line for each, and what to do */
async function requireRunnable({ policies }: NetworkConfig, connections: Connections): Promise<void> {
  // Not loaded before: a preview does without, and until here the engine is busy.
  const { connect, linesOf, prove } = require('../../policies/proof') as typeof import('../../policies/proof');
  const { mode, executor = DEFAULT_EXECUTOR } = policies.execution;
  const context = { signal: AbortSignal.timeout(TIMEOUT), status: () => undefined };
  const findings = await prove(connect(connections), context, policies, {
    executor: mode === 'remote' ? executor : undefined,
  }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    void pulumi.log.warn(`Whether the policies that are bound can be run could not be found out: ${reason}`);
    return [];
  });
  if (findings.every(({ state }) => state !== 'bad')) return;
  throw withoutStack(
    new pulumi.RunError(
      [
        'Everything was applied, but not all that is bound can be run:',
        ...linesOf(findings),
        'What the stack made comes back by refresh and up. What it only names (a URI, an executor) has to be onboarded where it',
        `comes from, or taken out of bindings. ${SWITCH}=off in the environment ends updates without this proof.`,
      ].join('\n'),
    ),
  );
}

/** Of an error that comes once the program's own code is done, the SDK shows the stack, whatever error it is. */
function withoutStack(error: pulumi.RunError): pulumi.RunError {
  error.stack = error.message;
  return error;
}
