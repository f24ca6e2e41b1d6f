import { type DatabaseConfig, parseQuantity, type ServiceConfig } from '../config';

/** A database, as what measures it has to know it. */
export interface DatabaseTarget {
  /** Name of its StatefulSet. */
  readonly name: string;
  readonly namespace: string;
  readonly config: DatabaseConfig;
}

/** The redis that clusters write their metrics to. */
export interface RedisTarget {
  /** Name of its Deployment and of its container's Service. */
  readonly name: string;
  readonly namespace: string;
  /** URL inside the cluster. */
  readonly url: string;
  /** What its container may use at most, in bytes. */
  readonly memoryLimit: number;
}

/** The redis of a service of the network; undefined where the stack has none. */
export function redisTarget(service: ServiceConfig | undefined): RedisTarget | undefined {
  if (service === undefined) return undefined;
  const { name, namespace, containers } = service;
  const [port] = service.service.ports;
  const memoryLimit = parseQuantity(containers[0].resources.limits.memory ?? '');
  if (port === undefined || memoryLimit === undefined) return undefined;
  return { name, namespace, url: port.url, memoryLimit };
}

/** Name of the exporter of a target: of its Deployment and Service, and so of the job that Prometheus knows it by. */
export function exporterName({ name }: { readonly name: string }): string {
  return `${name}-exporter`;
}

/** Labels of everything that a target's exporter exposes. */
export function ofExporter(target: { readonly name: string; readonly namespace: string }) {
  return { namespace: target.namespace, job: exporterName(target) };
}
