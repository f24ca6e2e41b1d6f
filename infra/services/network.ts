import type { types } from '@pulumi/kubernetes';
import type { NetworkConfig } from '../config';
import { nodePortOf } from './addresses';
import type { CatalogueEntry } from './catalogue';
import { selectorLabels } from './pod';

/** The Service: the catalogue's ports, with the stack's node ports. */
export function serviceSpec(
  { name, definition }: CatalogueEntry,
  config: NetworkConfig,
): types.input.core.v1.ServiceSpec {
  const { type, ports } = definition.service;
  return {
    type,
    selector: selectorLabels(name),
    ports: ports.map((port) => {
      const nodePort = nodePortOf(name, port, config);
      return {
        ...(port.name !== undefined && { name: port.name }),
        port: port.port,
        targetPort: port.port,
        protocol: 'TCP',
        ...(nodePort !== undefined && { nodePort }),
      };
    }),
  };
}

/** Lets anybody in, other clusters come through the node ports, but to the service's own ports alone. */
export function ingressPolicy({ name, definition }: CatalogueEntry): types.input.networking.v1.NetworkPolicySpec {
  return {
    podSelector: { matchLabels: selectorLabels(name) },
    policyTypes: ['Ingress'],
    ingress: [{ ports: definition.service.ports.map(({ port }) => ({ port, protocol: 'TCP' })) }],
  };
}

/** Nodes are drained one replica at a time; a replica that is broken anyway holds no drain up. */
export function disruptionBudget(name: string): types.input.policy.v1.PodDisruptionBudgetSpec {
  return {
    maxUnavailable: 1,
    selector: { matchLabels: selectorLabels(name) },
    unhealthyPodEvictionPolicy: 'AlwaysAllow',
  };
}
