import { ApiClient, isNotFound, loadKubeconfig, selectTarget, textAt } from '../../../kubernetes-api';
import type { Pod } from './pod';

/** The cluster in which the gateway's Deployment is. */
export interface GatewayDeployment {
  /** Path of a kubeconfig. */
  readonly kubeconfig: string;
  readonly context: string;
}

/** What has happened to a pod. */
export interface PodEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly pod: Pod;
}

/** Reads the data of a ConfigMap. @returns undefined if there is none */
export type ReadConfigMap = (name: string) => Promise<Readonly<Record<string, string>> | undefined>;

const NAMESPACE = '/api/v1/namespaces/services';
const selector = { labelSelector: 'app=cluster-controller-gateway' };

/** How long a request may take, in seconds. */
const REQUEST_TIMEOUT = 10;

/** How long one watch lasts, in seconds: a connection that died unnoticed is missed no longer. */
const WATCH_TIMEOUT = 120;

/** The few calls that following the gateway's pods takes. */
export class ClusterApi {
  private constructor(private readonly client: ApiClient) {}

  /** @throws UserError if the kubeconfig is of no use */
  static async connect({ kubeconfig, context }: GatewayDeployment): Promise<ClusterApi> {
    const target = selectTarget(await loadKubeconfig(kubeconfig), { context });
    return new ClusterApi(new ApiClient(target, REQUEST_TIMEOUT));
  }

  /** @returns the pods, and the version from which a watch goes on */
  async listPods(): Promise<{ pods: Pod[]; version: string }> {
    const { body } = await this.client.request({
      method: 'GET',
      path: `${NAMESPACE}/pods`,
      query: selector,
      repeatable: true,
      retries: 0,
    });
    return { pods: body.items as unknown as Pod[], version: textAt(body, 'metadata', 'resourceVersion') };
  }

  readonly readConfigMap: ReadConfigMap = async (name) => {
    const path = `${NAMESPACE}/configmaps/${encodeURIComponent(name)}`;
    try {
      const { body } = await this.client.request({ method: 'GET', path, repeatable: true, retries: 0 });
      return body.data as Record<string, string> | undefined;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };

  /**
   * Hands over what happens to pods from `version` on. Resolves when the server ends the watch.
   * @throws Error if the connection breaks, or the version is too old
   */
  async watchPods(version: string, onEvent: (event: PodEvent) => void, signal: AbortSignal): Promise<void> {
    const query = { ...selector, watch: 'true', resourceVersion: version, timeoutSeconds: String(WATCH_TIMEOUT) };
    const watch = this.client.lines({ method: 'GET', path: `${NAMESPACE}/pods`, query, signal });
    for await (const line of watch) onEvent(parseEvent(line));
  }

  close(): void {
    this.client.close();
  }
}

function parseEvent(line: string): PodEvent {
  const { type, object } = JSON.parse(line) as { type?: string; object?: unknown };
  if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED') throw new Error(`the watch ended: ${line}`);
  return { type, pod: object as Pod };
}
