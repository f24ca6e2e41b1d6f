import { setTimeout as sleep } from 'node:timers/promises';
import type { NetworkConfig } from '../../infra/config';
import {
  type ApiClient,
  ApiError,
  find,
  isNotFound,
  type Json,
  type JsonMap,
  labelSelector,
  listAt,
} from '../../kubernetes-api';
import { withClient } from '../cluster/connect';
import { UserError } from '../command-line';

/** The cluster of a stack. Every failure is a UserError that says what was refused, and by whom. */
export class Cluster {
  private constructor(
    private readonly client: ApiClient,
    /** Milliseconds between two looks at something that is waited for. */
    private readonly pause: number,
  ) {}

  /** Lets work be done on a stack's cluster, and closes the connection afterwards. */
  static async use<T>(
    { cluster }: Pick<NetworkConfig, 'cluster'>,
    work: (cluster: Cluster) => Promise<T>,
    pause = 1000,
  ): Promise<T> {
    try {
      return await withClient(cluster, (client) => work(new Cluster(client, pause)));
    } catch (error) {
      if (error instanceof ApiError) throw new UserError(`the API server answered ${error.code}: ${error.message}`);
      throw error;
    }
  }

  /** Undefined where there is no such object. */
  find(path: string): Promise<JsonMap | undefined> {
    return find(this.client, path);
  }

  async list(path: string, labels: Readonly<Record<string, string>> = {}): Promise<Json[]> {
    const selector = labelSelector(labels);
    const query = selector === '' ? {} : { labelSelector: selector };
    return listAt((await this.client.request({ method: 'GET', path, query, repeatable: true })).body, 'items');
  }

  async create(path: string, body: JsonMap): Promise<JsonMap> {
    return (await this.client.request({ method: 'POST', path, body, repeatable: false })).body;
  }

  /** A merge patch; as a list, a JSON patch. */
  async patch(path: string, body: JsonMap | Json[]): Promise<void> {
    const contentType = Array.isArray(body) ? 'application/json-patch+json' : 'application/merge-patch+json';
    await this.client.request({ method: 'PATCH', path, body, contentType, repeatable: true });
  }

  /** With what belongs to it; nothing happens where there is no such object. */
  async delete(path: string): Promise<void> {
    const query = { propagationPolicy: 'Background' };
    await this.client.request({ method: 'DELETE', path, query, repeatable: true }).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }

  /** The lines of a log as they come, until the container ends or the connection does. */
  log(pod: string, container: string): AsyncGenerator<string> {
    return this.client.lines({ method: 'GET', path: `${pod}/log`, query: { container, follow: 'true' } });
  }

  /** Before something is looked at again. */
  wait(): Promise<void> {
    return sleep(this.pause);
  }
}
