import type { types } from '@pulumi/kubernetes';
import { selectorLabels } from './metadata';

/** A port of a Service; the container listens on the same number. */
interface Port {
  name?: string;
  port: number;
  nodePort?: number;
}

/** A Service in front of the pods. */
export function serviceSpec(
  name: string,
  type: 'NodePort' | 'ClusterIP',
  ports: readonly Port[],
): types.input.core.v1.ServiceSpec {
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
  };
}
