import type { RequestContext } from '../provider/http/service';
import type { Services } from '../provider/services/services';
import { dryRunFindings } from './dry-run';
import type { Finding } from './finding';
import { boundUris, type Governed } from './governed';
import { executorFinding, runnablePolicies } from './runnable';

/** What is to be proved beside what the configuration binds. */
export interface Beside {
  /** Id of the executor that policies are run by; undefined: the gateway runs them itself. */
  executor: string | undefined;
  /** URIs of further policies: those that a running gateway has bound. */
  uris?: readonly string[];
}

/**
 * Proves that every policy that is bound can be run: onboarded, its archive there with the right checksum, its executor
 * registered, and, where the gateway offers a dry run, that it decides as the rule does here.
 *
 * @throws Outage if a service gives no answer that can be believed
 */
export async function prove(
  services: Services,
  context: RequestContext,
  governed: Governed,
  { executor, uris = [] }: Beside,
): Promise<Finding[]> {
  const all = [...new Set([...boundUris(governed), ...uris])].sort();
  const [found, executors] = await Promise.all([
    runnablePolicies(services, context, governed, all),
    executor === undefined || all.length === 0 ? [] : executorFinding(services, context, executor).then((one) => [one]),
  ]);
  // Where a policy cannot be run at all, that is what a dry run would say.
  const isRunnable = [...found, ...executors].every(({ state }) => state !== 'bad');
  return [...found, ...executors, ...(isRunnable ? await dryRunFindings(services, context, governed) : [])];
}
