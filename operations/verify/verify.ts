import { ApiError, ClusterAccessError } from '../../kubernetes-api';
import type { Cluster } from '../cluster/cluster';
import { withCluster } from '../cluster/connect';
import type { Subject } from '../stack-objects/subject';
import type { Check } from './check';
import { CHECKS } from './checks';
import { driftCheck } from './checks/drift';
import type { Section, State } from './finding';
import { type Governance, type Surroundings, governance } from './governance/governance';
import type { Row } from './governance/settings';

/** What was found out about a stack on its cluster. */
export interface Verification {
  /** Settings of governance, in the places where they are found; none where the gateway could not be read. */
  rows: Row[];
  sections: Section[];
}

/** What is looked at. */
export interface Scope {
  /** For KUBECONFIG, where the stack's is encrypted, and the tokens of services. */
  env: NodeJS.ProcessEnv;
  /** Whether every object is compared, too. */
  drift: boolean;
}

/**
 * Compares what a stack wants with what its cluster has, and what governs its gateway with what the gateway goes by.
 *
 * @throws UserError if the cluster cannot be reached
 */
export function verify(subject: Subject, { env, drift }: Scope): Promise<Verification> {
  return withCluster(subject.config.cluster, async (cluster) => {
    const checks = Object.entries({ ...CHECKS, ...(drift && { drift: driftCheck }) });
    const end = new AbortController();
    const [{ rows, findings }, ...sections] = await Promise.all([
      governed(subject, { env, cluster, end: end.signal }),
      ...checks.map(([name, check]) => sectionOf(name, check, subject, cluster)),
    ]).finally(() => end.abort());
    return { rows, sections: [{ check: 'governance', findings }, ...sections] };
  });
}

/** How it is on the whole: what is not as wanted outweighs what could not be read. */
export function stateOf({ rows, sections }: Verification): Exclude<State, 'unknown'> {
  const states = sections.flatMap(({ findings }) => findings.map(({ state }) => state));
  if (rows.some(({ differs }) => differs) || states.includes('bad')) return 'bad';
  return states.includes('unread') ? 'unread' : 'good';
}

async function sectionOf(name: string, check: Check, subject: Subject, cluster: Cluster): Promise<Section> {
  try {
    return { check: name, findings: await check(subject, cluster) };
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === 401) throw error;
    return { check: name, findings: [{ subject: name, state: 'unread', text: error.message }] };
  }
}

/** A gateway that does not answer is no reason to keep silent about all else. */
async function governed({ config }: Subject, surroundings: Surroundings): Promise<GovernanceFound> {
  try {
    return await governance(config, surroundings);
  } catch (error) {
    const isTold = error instanceof Error && !(error instanceof TypeError) && !(error instanceof ClusterAccessError);
    if (!isTold || (error instanceof ApiError && error.code === 401)) throw error;
    return { rows: [], findings: [{ subject: 'the gateway', state: 'unread', text: error.message }] };
  }
}

type GovernanceFound = Pick<Governance, 'rows'> & Pick<Section, 'findings'>;
