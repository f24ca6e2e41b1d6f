import { statSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import { homedir } from 'node:os';
import type { KubeConfig } from '@kubernetes/client-node';
import { UserError } from '../errors';
import type { Connection, Route, ServiceEndpoint } from './endpoint';

/** Which cluster's API server stands in for the services. */
export interface Access {
  /** Path or contents; default: $KUBECONFIG, else ~/.kube/config. */
  kubeconfig?: string;
  /** Default: the kubeconfig's current one. */
  context?: string;
}

/** Routes through an API server's service proxy: nothing has to be exposed for them, and the stack's credentials do. */
export class ServiceProxy {
  private config: Promise<KubeConfig> | undefined;

  constructor(private readonly access: Access) {}

  route({ service: { namespace, name, port } }: ServiceEndpoint): Route {
    return {
      address: `service ${namespace}/${name}:${port}`,
      proxied: true,
      prefix: `/api/v1/namespaces/${namespace}/services/${name}:${port}/proxy`,
      connection: () => this.connection(),
    };
  }

  private async connection(): Promise<Connection> {
    const config = await (this.config ??= loadConfig(this.access));
    const cluster = config.getCurrentCluster();
    if (!cluster) throw new UserError('kubeconfig: its context names no cluster; set context of the provider');
    const { protocol, hostname, port } = new URL(cluster.server);
    const options: RequestOptions = { host: hostname, port };
    await config.applyToHTTPSOptions(options);
    // The library makes an agent for every request; only one that goes through a proxy is worth that.
    if (cluster.proxyUrl === undefined) delete options.agent;
    return { secure: protocol === 'https:', options };
  }
}

async function loadConfig({ kubeconfig, context }: Access): Promise<KubeConfig> {
  // Half a second of loading, that only those pay who go through a cluster.
  const library = await import('@kubernetes/client-node');
  const config = new library.KubeConfig();
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else if (isFile(kubeconfig)) config.loadFromFile(expand(kubeconfig));
    else config.loadFromString(kubeconfig);
  } catch {
    // The parser's message quotes the text, which may hold keys.
    throw new UserError(
      'kubeconfig: neither a file that exists nor the text of a kubeconfig; set kubeconfig of the provider',
    );
  }
  if (context === undefined) return config;
  if (!config.getContextObject(context)) {
    const known = config.getContexts().map(({ name }) => name);
    throw new UserError(`context: "${context}" is not in the kubeconfig; it has ${known.join(', ') || 'none'}`);
  }
  config.setCurrentContext(context);
  return config;
}

const expand = (path: string) => path.replace(/^~(?=\/|$)/, homedir());

function isFile(text: string): boolean {
  try {
    return statSync(expand(text)).isFile();
  } catch {
    return false;
  }
}
