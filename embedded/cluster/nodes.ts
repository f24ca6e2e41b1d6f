import type { ApiClient, JsonMap } from '../../kubernetes-api';
import { NODE_LEASE_SECONDS } from './components';

/** The simulated nodes. They carry no application labels: labelling nodes is the program's part. */
const NODE_NAMES = ['worker-1', 'worker-2', 'worker-3', 'worker-4', 'worker-5', 'worker-6'] as const;

/** Room for 200 pods of any size that the network's services ask for. */
const capacity = { cpu: '128', memory: '512Gi', pods: '250', 'ephemeral-storage': '2Ti' };

const LEASES = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';

/** What of the cluster's nodes the API server shows. */
interface NodeList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  }[];
}

interface LeaseList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly spec: { readonly renewTime?: string };
  }[];
}

type Answer = Awaited<ReturnType<ApiClient['exchange']>>;

const get = (api: ApiClient, path: string): Promise<Answer> => api.exchange({ method: 'GET', path });

export const isReady = async (api: ApiClient): Promise<boolean> => (await get(api, '/readyz')).code === 200;

/** A simulated node. */
interface SimulatedNode {
  readonly name: string;
  /** Its label kubernetes.io/hostname. */
  readonly hostname: string;
}

/**
 * Creates the nodes that do not exist; the others stay as they are, with the labels that they were given.
 * @param more than every embedded cluster has
 */
export async function ensureNodes(api: ApiClient, more: readonly SimulatedNode[] = []): Promise<void> {
  const { items } = expectStatus(await get(api, '/api/v1/nodes'), 200).body as unknown as NodeList;
  const nodes = [...NODE_NAMES.map((name) => ({ name, hostname: name })), ...more];
  await Promise.all(
    nodes.map(async (node, index) => {
      if (items.some((item) => item.metadata.name === node.name)) return;
      const body = nodeObject(node, index + 1);
      expectStatus(await api.exchange({ method: 'POST', path: '/api/v1/nodes', body }), 201, 409);
    }),
  );
}

/** The last kwok's claims on the nodes, which a new kwok would respect until they run out. */
export async function removeNodeLeases(api: ApiClient): Promise<void> {
  expectStatus(await api.exchange({ method: 'DELETE', path: LEASES }), 200);
}

/**
 * What is missing before the cluster can be used: readiness of the API server, what its controllers make in every
 * cluster, and Ready nodes with a fresh sign of life (conditions alone may be those of before the last stop).
 * @returns undefined if nothing is missing
 */
export async function findMissing(api: ApiClient, now: () => number = Date.now): Promise<string | undefined> {
  const [ready, account, service, nodeList, leaseList] = await Promise.all([
    get(api, '/readyz'),
    get(api, '/api/v1/namespaces/default/serviceaccounts/default'),
    get(api, '/api/v1/namespaces/default/services/kubernetes'),
    get(api, '/api/v1/nodes'),
    get(api, LEASES),
  ]);
  if (ready.code !== 200) return `the API server is not ready (HTTP ${ready.code})`;
  if (account.code !== 200) return 'there is no default service account yet (kube-controller-manager)';
  if (service.code !== 200) return 'there is no service "kubernetes" yet (kube-apiserver)';
  const nodes = expectStatus(nodeList, 200).body as unknown as NodeList;
  const unready = unreadyNodes(nodes, expectStatus(leaseList, 200).body as unknown as LeaseList, now());
  return unready.length === 0 ? undefined : `nodes are not Ready (kwok): ${unready.join(', ')}`;
}

/** @param now in milliseconds */
export function unreadyNodes(nodes: NodeList, leaseList: LeaseList, now: number): string[] {
  return NODE_NAMES.filter((name) => {
    const conditions = nodes.items.find((item) => item.metadata.name === name)?.status?.conditions ?? [];
    const isReady = conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
    const renewed = leaseList.items.find((item) => item.metadata.name === name)?.spec.renewTime;
    const isAlive = renewed !== undefined && now - Date.parse(renewed) < NODE_LEASE_SECONDS * 1000;
    return !isReady || !isAlive;
  });
}

/** @param number from 1, its own in the cluster: addresses follow from it */
function nodeObject({ name, hostname }: SimulatedNode, number: number): JsonMap {
  const podRange = `10.244.${number}.0/24`;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: { 'kwok.x-k8s.io/node': 'fake' },
      labels: { 'kubernetes.io/hostname': hostname, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' },
    },
    spec: { podCIDR: podRange, podCIDRs: [podRange] },
    status: {
      capacity,
      allocatable: capacity,
      addresses: [
        { type: 'InternalIP', address: `192.0.2.${10 + number}` },
        { type: 'Hostname', address: hostname },
      ],
    },
  };
}

function expectStatus(response: Answer, ...expected: readonly number[]): Answer {
  if (expected.includes(response.code)) return response;
  throw new Error(`HTTP ${response.code}: ${JSON.stringify(response.body)}`);
}
