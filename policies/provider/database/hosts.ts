import { type ApiClient, at, isForbidden, labelSelector, listAt, textAt } from '../../../kubernetes-api';
import { UserError } from '../errors';
import type { Call } from '../resource-handler';
import type { PlacementFacts } from './facts';

/** Label that tells a node's host. */
export const HOSTNAME = 'kubernetes.io/hostname';

/** Whether there have to be more hosts than were needed before, or others. */
export function needsHosts(now: PlacementFacts, old?: PlacementFacts): boolean {
  if (now.hosts === undefined || now.replicas === undefined || now.unsafe.sharedHosts === true) return false;
  if (old?.hosts === undefined || old.replicas === undefined || old.unsafe.sharedHosts === true) return true;
  return now.replicas > old.replicas || JSON.stringify(now.hosts) !== JSON.stringify(old.hosts);
}

/**
 * No two members run on one host: one that finds none for itself waits for ever.
 * @throws UserError if there are fewer hosts than members
 * @throws ApiError if the cluster does not tell, but for rights that are missing, which are warned of
 */
export async function requireHosts(call: Call, facts: PlacementFacts): Promise<void> {
  const { section, replicas = 0, hosts = { labels: {}, named: [] } } = facts;
  const found = await labelledHosts(await call.services.cluster(), hosts.labels, call.signal).catch(
    (error: unknown) => {
      if (!isForbidden(error)) throw error;
      call.warn(
        `${section}: whether there is a host for each member was not looked at, as rights are missing: ${error.message}`,
      );
      return undefined;
    },
  );
  if (found === undefined) return;
  const all = [...new Set([...hosts.named, ...found])].sort();
  if (all.length >= replicas) return;
  const labels = labelSelector(hosts.labels);
  throw new UserError(
    `${section}.replicas is ${replicas}, and ${all.length === 0 ? 'no host is' : `only ${all.join(', ')} ${all.length === 1 ? 'is' : 'are'}`} ` +
      `labelled ${labels} for members, of which no two run on one. Name ${replicas} nodes in ${section}.nodes, or label them ` +
      `(kubectl label node NAME ${labels.replace(',', ' ')}), or allow it with ${section}.unsafe.sharedHosts: true.`,
  );
}

async function labelledHosts(
  client: ApiClient,
  labels: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string[]> {
  const query = { labelSelector: labelSelector(labels) };
  const { body } = await client.request({ method: 'GET', path: '/api/v1/nodes', query, repeatable: true, signal });
  return listAt(body, 'items').map((node) => {
    const hostname = at(node, 'metadata', 'labels', HOSTNAME);
    return typeof hostname === 'string' ? hostname : textAt(node, 'metadata', 'name');
  });
}
