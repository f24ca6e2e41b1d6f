import type { types } from '@pulumi/kubernetes';
import { NAMESPACES } from '../catalogue/namespaces';
import { selectorLabels } from './metadata';

type Peer = types.input.networking.v1.NetworkPolicyPeer;

/** Who may come, beside the network's own namespaces. */
interface Sources {
  /** Ranges as CIDR. */
  readonly addresses: readonly string[];
  readonly namespaces: readonly string[];
}

const named = (namespaces: readonly string[]) => ({
  matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: [...namespaces] }],
});

/** The namespaces of the network, whoever has made them: Kubernetes itself labels them with their name. */
export const NETWORK_NAMESPACES = named(NAMESPACES);

/** The peers of a policy that lets sources in, and the network's own pods; undefined, which is anybody, without sources. */
export function peersOf(sources: Sources | undefined): Peer[] | undefined {
  if (sources === undefined) return undefined;
  const { addresses, namespaces } = sources;
  return [
    ...addresses.map((cidr) => ({ ipBlock: { cidr } })),
    { namespaceSelector: NETWORK_NAMESPACES },
    ...(namespaces.length > 0 ? [{ namespaceSelector: named(namespaces) }] : []),
  ];
}

/** Opens these ports of the pods and no others. @param from who may come; default: anybody */
export function ingressPolicySpec(
  name: string,
  ports: readonly number[],
  from?: Peer[],
): types.input.networking.v1.NetworkPolicySpec {
  return {
    podSelector: { matchLabels: selectorLabels(name) },
    policyTypes: ['Ingress'],
    ingress: [{ ...(from && { from }), ports: ports.map((port) => ({ port, protocol: 'TCP' })) }],
  };
}
