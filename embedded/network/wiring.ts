import path from 'node:path';
import type { Bugs } from './behaviour';
import { clusterMetricsRoutes } from './cluster-metrics/routes';
import { clusterServiceRoutes } from './cluster-services/routes';
import { registryOutage, registryRoutes } from './clusters-registry/routes';
import type { Gateway } from './gateway/gateway';
import { HttpService, type LoggedRequest, type ServiceOptions } from './http/service';
import type { Peers } from './peers';
import { policiesOutage } from './policies-system/answers';
import { executorRoutes } from './policies-system/executor-routes';
import { infrastructureRoutes } from './policies-system/infrastructure';
import { policyRoutes } from './policies-system/policy-routes';
import { policyCodeRoutes } from './policy-code/routes';
import { executorPolicies } from './rules/policies';
import type { ServiceName } from './services';
import type { Documents } from './store/documents';
import type { WorldOptions } from './world-options';

/** What the usual call takes, in milliseconds, as measured on the deployed services. */
const USUAL_LATENCY = {
  gateway: 2,
  clustersRegistry: 5,
  policiesSystem: 4,
  policyCode: 0,
  clusterMetrics: 4,
  membership: 2,
} as const satisfies Record<ServiceName, number>;

export interface Parts {
  readonly options: WorldOptions;
  readonly token: string;
  readonly bugs: Bugs;
  readonly peers: Peers;
  readonly gateway: Gateway;
  readonly documents: Documents;
}

/** Every service with its routes and documents; none listens yet. */
export function createServices(parts: Parts): Record<ServiceName, HttpService> {
  const { options, bugs, peers, gateway, documents } = parts;
  const { clusters, policies, executors, clusterMetrics, infrastructure } = documents;
  const registry = registryRoutes(clusters, bugs);
  const policiesSystem = [
    ...policyRoutes(policies, bugs),
    ...executorRoutes(executors, bugs, executorPolicies(peers)),
    ...infrastructureRoutes(infrastructure, options.ambassador ?? true),
  ];
  const code = policyCodeRoutes(path.join(options.directory, 'policy-code'));
  const metrics = clusterMetricsRoutes(clusterMetrics);
  const membership = clusterServiceRoutes(peers, bugs);
  const service = (name: ServiceName, own: Pick<ServiceOptions, 'routes'> & Partial<ServiceOptions>) =>
    new HttpService({ ...commonOptions(parts, name), ...own });
  return {
    gateway: service('gateway', { routes: () => gateway.nextRoutes() }),
    clustersRegistry: service('clustersRegistry', {
      routes: () => registry,
      framework: 'express',
      beforeAnswer: () => clusters.flushed(),
      outageAnswer: registryOutage,
    }),
    policiesSystem: service('policiesSystem', {
      routes: () => policiesSystem,
      decodeFirst: bugs.slashUnreachable,
      beforeAnswer: async () => {
        await Promise.all([policies, executors, infrastructure].map((collection) => collection.flushed()));
      },
      outageAnswer: policiesOutage(bugs.outageLooksEmpty),
    }),
    policyCode: service('policyCode', { routes: () => code }),
    clusterMetrics: service('clusterMetrics', { routes: () => metrics, beforeAnswer: () => clusterMetrics.flushed() }),
    membership: service('membership', { routes: () => membership }),
  };
}

function commonOptions({ options, token }: Parts, name: ServiceName) {
  return {
    token,
    framework: 'flask' as const,
    usualLatency: USUAL_LATENCY[name],
    timeScale: options.timeScale,
    keepsRequests: options.keepsRequests,
    onRequest: (request: LoggedRequest) => options.onRequest?.(name, request),
  };
}
