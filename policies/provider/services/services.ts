import { ApiClient } from '../../../kubernetes-api';
import { type Endpoint, type Route, urlRoute } from '../http/endpoint';
import { KeyedMutex } from '../http/keyed-mutex';
import { Semaphore } from '../http/semaphore';
import { Service, type RequestContext } from '../http/service';
import { type Access, ServiceProxy, targetOf } from '../http/service-proxy';
import { type Timing, usualTiming } from '../http/timing';
import { ClustersRegistry } from './clusters-registry';
import { Gateway } from './gateway';
import { Records } from './records';
import { executorRecords, policyRecords } from './record-types';
import { Usage } from './usage';

/** Where a provider finds the network's services. */
export interface Connections extends Access {
  gateway: Endpoint;
  policiesSystem: Endpoint;
  clustersRegistry: Endpoint;
  /** Calls at a time, over all resources. */
  concurrency: number;
}

/** The services of one network, and what their users have to share. */
export interface Services {
  gateway: Gateway;
  clustersRegistry: ClustersRegistry;
  policies: Records;
  executors: Records;
  usage: Usage;
  /** Writers of one map take turns: two updates at once lose one. */
  mapWriters: KeyedMutex;
  /** Puts a file where a policy's code is downloaded from. */
  upload(context: RequestContext, url: string, content: Buffer): Promise<void>;
  /** The API server of the cluster that the network is on, which few resources ask. */
  cluster(): Promise<ApiClient>;
  timing: Timing;
}

/** How long the API server is waited for, in seconds. */
const CLUSTER_TIMEOUT = 30;

export function connectServices(connections: Connections, timing: Timing = usualTiming): Services {
  const limiter = new Semaphore(connections.concurrency);
  const proxy = new ServiceProxy(connections);
  const routeTo = (endpoint: Endpoint): Route => ('url' in endpoint ? urlRoute(endpoint) : proxy.route(endpoint));
  const service = (name: string, route: Route) => new Service(name, route, limiter, timing);
  const gateway = service('the gateway', routeTo(connections.gateway));
  const registry = service('the clusters registry', routeTo(connections.clustersRegistry));
  const policiesSystem = service('the policies system', routeTo(connections.policiesSystem));
  const policies = new Records(policiesSystem, policyRecords);
  const executors = new Records(policiesSystem, executorRecords);
  let cluster: Promise<ApiClient> | undefined;
  const clients = { gateway: new Gateway(gateway), clustersRegistry: new ClustersRegistry(registry, gateway) };
  return {
    ...clients,
    usage: new Usage(clients.gateway, clients.clustersRegistry),
    policies,
    executors,
    mapWriters: new KeyedMutex(),
    timing,
    cluster: () => (cluster ??= targetOf(connections).then((target) => new ApiClient(target, CLUSTER_TIMEOUT))),
    upload: async (context, url, content) => {
      const { origin, pathname, search } = new URL(url);
      const server = service('the policy-code server', urlRoute({ url: origin }));
      await server.request(context, { method: 'PUT', path: `${pathname}${search}`, body: content, repeatable: true });
    },
  };
}
