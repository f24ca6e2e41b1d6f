import type { types } from '@pulumi/kubernetes';
import { selectorLabels } from './metadata';

type Peer = types.input.networking.v1.NetworkPolicyPeer;

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
