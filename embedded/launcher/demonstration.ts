import { UserError } from '../shared/errors';
import { type Access, clusterEntry } from '../network';

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
export async function demonstrate(network: Access): Promise<string[]> {
  const { gateway, clustersRegistry, clusterMetrics } = network;
  const ask = (method: string, url: string, body?: unknown) => request(network.token, method, url, body);
  await ask('DELETE', `${clustersRegistry}/clusters/${CLUSTER}`);
  await ask(
    'POST',
    `${clustersRegistry}/clusters`,
    clusterEntry(CLUSTER, { urlMap: { membershipServer: `${network.membership}/${CLUSTER}` } }),
  );
  // A policy of nodes is only asked about clusters that have reported their metrics.
  await ask('PUT', `${clusterMetrics}/cluster/${CLUSTER}`, { clusterId: CLUSTER });
  try {
    const decisions: string[] = [];
    for (let node = 1, denied = false; node <= MOST_NODES && !denied; node++) {
      const answer = await ask('POST', `${gateway}/join-node/${CLUSTER}`, { node_data: { id: `node-${node}` } });
      denied = !isAllowed(answer);
      decisions.push(`  add_node: node ${node} of a cluster  ${verdict(answer)}`);
    }
    const removal = await ask('DELETE', `${gateway}/clusters/delete/${CLUSTER}`);
    decisions.push(`  remove_cluster: the cluster     ${verdict(removal)}`);
    return ['What the policies decide (asked of the simulated gateway just now):', ...decisions, ''];
  } finally {
    await ask('DELETE', `${clustersRegistry}/clusters/${CLUSTER}`);
    await ask('DELETE', `${clusterMetrics}/cluster/${CLUSTER}`);
  }
}

interface Answer {
  success?: boolean;
  /** Of nodes: a denial is a success in itself. */
  allowed?: boolean;
  error?: string;
  message?: string;
  data?: unknown;
}

const isAllowed = ({ success, allowed }: Answer) => success === true && allowed !== false;

function verdict(answer: Answer): string {
  if (isAllowed(answer)) return 'allowed';
  const reason = answer.message ?? answer.error ?? (typeof answer.data === 'string' ? answer.data : 'no reason given');
  return `denied: ${reason.replace(/^Error occurred: /, '')}`;
}

async function request(token: string, method: string, url: string, body?: unknown): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
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
