import { type Endpoint, type Route, urlRoute } from '../http/endpoint';
import { Limiter, Turns } from '../http/limiter';
import { Service, type Waiting } from '../http/service';
import { type Access, ServiceProxy } from '../http/service-proxy';
import { type Timing, usualTiming } from '../http/timing';
import { ClustersRegistry } from './clusters-registry';
import { Gateway } from './gateway';
import { Records } from './records';
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
  turns: Turns;
  /** Puts a file where a policy's code is downloaded from. */
  upload(waiting: Waiting, url: string, content: Buffer): Promise<void>;
  timing: Timing;
}

export function connectServices(connections: Connections, timing: Timing = usualTiming): Services {
  const limiter = new Limiter(connections.concurrency);
  const proxy = new ServiceProxy(connections);
  const routeTo = (endpoint: Endpoint): Route => ('url' in endpoint ? urlRoute(endpoint) : proxy.route(endpoint));
  const service = (name: string, route: Route) => new Service(name, route, limiter, timing);
  const gateway = service('the gateway', routeTo(connections.gateway));
  const registry = service('the clusters registry', routeTo(connections.clustersRegistry));
  const policiesSystem = service('the policies system', routeTo(connections.policiesSystem));
  const policies: Records = new Records(policiesSystem, '/policy', 'policy_rule_uri', () => executors);
  const executors = new Records(policiesSystem, '/executor', 'executor_id', () => policies);
  const clients = { gateway: new Gateway(gateway), clustersRegistry: new ClustersRegistry(registry, gateway) };
  return {
    ...clients,
    usage: new Usage(clients.gateway, clients.clustersRegistry),
    policies,
    executors,
    turns: new Turns(),
    timing,
    upload: async (waiting, url, content) => {
      const { origin, pathname, search } = new URL(url);
      const server = service('the policy-code server', urlRoute({ url: origin }));
      await server.request(waiting, { method: 'PUT', path: `${pathname}${search}`, body: content, repeatable: true });
    },
  };
}
