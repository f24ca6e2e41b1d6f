import type { types } from '@pulumi/kubernetes';
import { selectorLabels } from './metadata';

/** A port of a Service; the container listens on the same number. */
interface Port {
  name?: string;
  port: number;
  nodePort?: number;
}

/** How a Service is reached. */
interface Reached {
  type: 'NodePort' | 'ClusterIP' | 'LoadBalancer';
  ports: readonly Port[];
  externalTrafficPolicy?: 'Local';
  /** Whom a load balancer lets through; its node ports are left to network policies. Default: anybody. */
  sources?: { addresses: readonly string[] };
}

/** A Service in front of the pods. */
export function serviceSpec(name: string, reached: Reached): types.input.core.v1.ServiceSpec {
  const { type, ports, externalTrafficPolicy, sources } = reached;
  return {
    type,
    selector: selectorLabels(name),
    ports: ports.map(({ name: portName, port, nodePort }) => ({
      ...(portName !== undefined && { name: portName }),
      port,
      targetPort: port,
      protocol: 'TCP',
      ...(nodePort !== undefined && { nodePort }),
    })),
    ...(externalTrafficPolicy && { externalTrafficPolicy }),
    ...(type === 'LoadBalancer' && sources && { loadBalancerSourceRanges: [...sources.addresses] }),
  };
}
