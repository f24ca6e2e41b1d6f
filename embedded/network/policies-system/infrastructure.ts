import { item, requireDict } from '../../../policies/pre-checks';
import { json, type Answer } from '../http/answer';
import type { Call, Route } from '../http/route';
import type { Collection, Document } from '../store/collection';
import { isObject } from '../store/filter';

/** What an executor has on its cluster, in the order in which the policies system makes and removes it. */
const PARTS = ['deployment', 'service', 'mapping'] as const;

type Part = (typeof PARTS)[number];

const resources: Readonly<Record<Part, string>> = {
  deployment: 'deployments.apps',
  service: 'services',
  mapping: 'mappings.getambassador.io',
};

const KEY = 'where';

/**
 * The routes that set an executor up on a cluster. There is no cluster here: what would be on it is kept by the address of
 * its API server. Whether the executor is registered is not looked at. A failure undoes nothing of what was done before it.
 * @param hasAmbassador whether the cluster has Ambassador's CRD, without which the last part fails
 */
export function infrastructureRoutes(parts: Collection, hasAmbassador: boolean): Route[] {
  return [
    {
      method: 'POST',
      pattern: '/executor/<id>/create-infra',
      handle: guarded((call) => {
        const { where, name } = requestIn(call);
        const existing = parts.findFirst(KEY, where) ?? { [KEY]: where };
        create(parts, existing, name, hasAmbassador);
        return json({ success: true });
      }),
    },
    {
      method: 'DELETE',
      pattern: '/executor/<id>/remove-infra',
      handle: guarded((call) => {
        const { where, name } = requestIn(call);
        remove(parts, parts.findFirst(KEY, where) ?? { [KEY]: where }, name);
        return json({ success: true, data: 'Created infra' });
      }),
    },
  ];
}

/** @throws Error as Python and the Kubernetes client word it. Nothing of the kubeconfig but the server is kept. */
function requestIn({ parameters: { id = '' }, json: body }: Call): { where: string; name: string } {
  const request = requireDict(body(), 'get');
  const wanted = ['cluster_config', 'max_processes'];
  const unknown = Object.keys(request).find((name) => !wanted.includes(name));
  const call = 'ExecutorInitializer.__init__()';
  if (unknown !== undefined) throw new Error(`${call} got an unexpected keyword argument '${unknown}'`);
  const missing = wanted.filter((name) => request[name] === undefined).map((name) => `'${name}'`);
  if (missing.length > 0) {
    const count = `${missing.length} required positional argument${missing.length > 1 ? 's' : ''}`;
    throw new Error(`${call} missing ${count}: ${missing.join(' and ')}`);
  }
  const { cluster_config: config } = request;
  const clusters = isObject(config) ? config.clusters : undefined;
  const [first] = Array.isArray(clusters) ? (clusters as unknown[]) : [];
  if (first === undefined) throw new Error('Invalid kube-config file. Expected key clusters in kube-config');
  const server = isObject(first) && isObject(first.cluster) ? first.cluster.server : undefined;
  return { where: `executor-${id} on ${String(server)}`, name: `executor-${id}` };
}

function create(parts: Collection, existing: Document, name: string, hasAmbassador: boolean): void {
  let made = existing;
  for (const part of PARTS) {
    if (made[part] === true) throw apiError(409, 'Conflict', `${resources[part]} "${name}" already exists`);
    if (part === 'mapping' && !hasAmbassador) throw apiError(404, 'Not Found', '404 page not found');
    made = { ...made, [part]: true };
    store(parts, made);
  }
}

function remove(parts: Collection, existing: Document, name: string): void {
  let left = existing;
  for (const part of PARTS) {
    if (left[part] !== true) throw apiError(404, 'Not Found', `${resources[part]} "${name}" not found`);
    left = { ...left, [part]: false };
    if (PARTS.some((other) => left[other] === true)) store(parts, left);
    else parts.deleteFirst(KEY, left[KEY]);
  }
}

function store(parts: Collection, entry: Document): void {
  if (!parts.replaceFirst(KEY, item(entry, KEY), entry)) parts.insert(entry);
}

/** As the Kubernetes client for Python words an answer. */
function apiError(code: number, reason: string, body: string): Error {
  return new Error(`(${code})\nReason: ${reason}\nHTTP response body: ${body}\n`);
}

function guarded(handle: (call: Call) => Answer): Route['handle'] {
  return (call) => {
    try {
      return handle(call);
    } catch (error) {
      return json({ success: false, message: (error as Error).message }, 500);
    }
  };
}
