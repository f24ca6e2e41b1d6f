import type { Agent } from 'node:http';
import { ApiServer, type Target, connectionProblem, loadKubeconfig, selectTarget } from '../../../kubernetes-api';
import type { Connection, Route, ServiceEndpoint } from './endpoint';

/** Which cluster's API server stands in for the services. */
export interface Access {
  /** Path, paths (as in $KUBECONFIG) or contents; default: $KUBECONFIG, else ~/.kube/config. */
  kubeconfig?: string;
  /** Default: the kubeconfig's current one. */
  context?: string;
}

/** How one gets through to an API server, with a connection that is kept and without. */
interface Way {
  server: ApiServer;
  kept: Agent;
  own: () => Promise<Agent>;
}

/** For a proxy of the network to let a connection through, in milliseconds. */
const CONNECT_TIMEOUT = 10_000;

/** Routes through an API server's service proxy: nothing has to be exposed for them, and the stack's credentials do. */
export class ServiceProxy {
  private way: Promise<Way> | undefined;

  constructor(private readonly access: Access) {}

  route({ service: { namespace, name, port } }: ServiceEndpoint): Route {
    return {
      address: `service ${namespace}/${name}:${port}`,
      prefix: `/api/v1/namespaces/${namespace}/services/${name}:${port}/proxy`,
      apiServer: { renew: async () => (await this.find()).server.renew() },
      connection: (keepAlive) => this.connection(keepAlive),
    };
  }

  private async connection(keepAlive: boolean): Promise<Connection> {
    const { server, kept, own } = await this.find();
    const { hostname, port, pathname } = new URL(server.url);
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    const agent = keepAlive ? kept : await own();
    return {
      secure: server.isSecure,
      via: { name: server.name, root: pathname.replace(/\/$/, ''), problem: connectionProblem },
      options: { host, port, agent, ...(await server.authorize()) },
    };
  }

  private find(): Promise<Way> {
    return (this.way ??= findWay(this.access));
  }
}

/** @throws ClusterAccessError if the kubeconfig is of no use */
export async function targetOf({ kubeconfig, context }: Access): Promise<Target> {
  return selectTarget(await loadKubeconfig(kubeconfig), context === undefined ? {} : { context });
}

async function findWay(access: Access): Promise<Way> {
  const server = new ApiServer(await targetOf(access));
  const timeout = CONNECT_TIMEOUT;
  return { server, kept: await server.agent({ timeout }), own: () => server.agent({ keepAlive: false, timeout }) };
}
