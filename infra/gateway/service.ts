import { catalogue } from '../catalogue';
import type { NetworkConfig, ServiceConfig } from '../config';
import { gatewayEnvironment } from './environment';

/** The cluster controller gateway as one of the services: its image and environment are the stack's alone. */
export function gatewayService(config: NetworkConfig): ServiceConfig {
  const { service, image, resources, replicas, runAsUser } = config.gateway;
  const { name, namespace } = catalogue['cluster-controller-gateway'];
  const [{ port }] = catalogue[name].definition.service.ports;
  const env = gatewayEnvironment(config);
  const user = runAsUser === undefined ? {} : { runAsUser };
  const container = { name, image, ports: [port], probePort: port, env, resources, ...user };
  return { name, namespace, service, replicas, recreate: false, containers: [container] };
}
