import { UserError } from '../shared/errors';
import type { Addresses } from '../network';

const CLUSTER = 'make-up-demonstration';
/** Enough to meet a small limit; a larger one is not demonstrated to its end. */
const MOST_NODES = 5;

/**
 * Asks the simulated gateway for what its policies decide: nodes join a cluster until one is denied, and the cluster is
 * removed. What that leaves is taken away again, past the gateway: an owner's policies may forbid it there.
 *
 * @returns lines for people
 * @throws UserError if it gives no answer
 */
export async function demonstrate({ gateway, clustersRegistry }: Addresses): Promise<string[]> {
  const nodes = { count: 0, nodeData: [] };
  await request('DELETE', `${clustersRegistry}/clusters/${CLUSTER}`);
  await request('POST', `${clustersRegistry}/clusters`, { id: CLUSTER, config: {}, nodes });
  try {
    const decisions: string[] = [];
    for (let node = 1, denied = false; node <= MOST_NODES && !denied; node++) {
      const answer = await request('POST', `${gateway}/nodes/add-node-to-cluster/${CLUSTER}`, { id: `node-${node}` });
      denied = !isAllowed(answer);
      decisions.push(`  add_node: node ${node} of a cluster  ${verdict(answer)}`);
    }
    const removal = await request('DELETE', `${gateway}/clusters/delete/${CLUSTER}`);
    decisions.push(`  remove_cluster: the cluster     ${verdict(removal)}`);
    return ['What the policies decide (asked of the simulated gateway just now):', ...decisions, ''];
  } finally {
    await request('DELETE', `${clustersRegistry}/clusters/${CLUSTER}`);
  }
}

interface Answer {
  success?: boolean;
  message?: string;
  data?: unknown;
}

const isAllowed = ({ success }: Answer) => success === true;

function verdict(answer: Answer): string {
  if (isAllowed(answer)) return 'allowed';
  const reason = answer.message ?? (typeof answer.data === 'string' ? answer.data : 'no reason given');
  return `denied: ${reason.replace(/^Error occurred: /, '')}`;
}

async function request(method: string, url: string, body?: unknown): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    return (await response.json()) as Answer;
  } catch (error) {
    const { message, cause } = error as Error;
    throw new UserError(
      `The stack is up, but the simulated network gave no answer to ${method} ${url}: ` +
        `${cause instanceof Error ? cause.message : message}. Its gateway is there as long as its Deployment has ready ` +
        'pods: "make refresh" finds out what has gone, "make status" where the log is.',
    );
  }
}
