import http from 'node:http';
import https, { type AgentOptions } from 'node:https';
import { UnreachableError } from './api-error';
import { connectionProblem } from './connection-problem';
import { type Authorization, type Credentials, readCredentials } from './credentials';
import { ClusterAccessError } from './errors';
import { textAt } from './json';
import type { Target } from './kubeconfig';
import { agentThrough, nameOf, proxyFor } from './proxy';

/** Where a target's API server is, and how one gets through to it. */
export class ApiServer {
  /** Without a slash at its end. */
  readonly url: string;
  readonly isSecure: boolean;
  private readonly context: string;
  private readonly proxy: URL | undefined;
  private readonly credentials: Credentials;

  /**
   * Reads the target's credentials; nothing is sent yet.
   * @throws ClusterAccessError if the kubeconfig is of no use
   */
  constructor(target: Target) {
    const { name, settings } = target.cluster;
    this.url = textAt(settings, 'server').replace(/\/+$/, '');
    const url = URL.canParse(this.url) ? new URL(this.url) : undefined;
    if (!url || !/^https?:$/.test(url.protocol)) {
      throw new ClusterAccessError(`kubeconfig cluster "${name}": server "${this.url}" is not an http or https URL`);
    }
    this.isSecure = url.protocol === 'https:';
    this.context = target.context;
    this.proxy = proxyFor(url, textAt(settings, 'proxy-url'));
    this.credentials = readCredentials(target);
  }

  /**
   * What authenticates one request: what login programs hand out expires.
   * @throws ClusterAccessError if there is none to be had
   */
  authorize(): Promise<Authorization> {
    return this.credentials.authorize();
  }

  /** Drops what the server refuses. @returns whether another try may succeed */
  renew(): boolean {
    return this.credentials.renew();
  }

  /** Keeps connections, and makes them through the proxy where there is one. */
  async agent(options: AgentOptions & { timeout: number }): Promise<http.Agent> {
    const { timeout, ...others } = { keepAlive: true, ...options, ...this.credentials.tls };
    if (this.proxy) return agentThrough(this.proxy, this.isSecure, { ...others, timeout });
    return this.isSecure ? new https.Agent(others) : new http.Agent(others);
  }

  /** As messages call it. */
  get name(): string {
    const through = this.proxy ? `, through the proxy ${nameOf(this.proxy)}` : '';
    return `the Kubernetes API server ${this.url} (context "${this.context}"${through})`;
  }

  /** What it means that a request got no answer. */
  unreachable(error: unknown): UnreachableError {
    return new UnreachableError(this.name, connectionProblem(error));
  }
}
