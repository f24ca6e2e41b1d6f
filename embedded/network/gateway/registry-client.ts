import { requireSuccess } from '../http/client';
import type { Peers } from '../peers';
import type { Document } from '../store/collection';
import { isObject } from '../store/filter';

/** How the gateway, and the clusters' own services, reach the clusters registry. */
export class RegistryClient {
  /** @param isIdEscaped upstream puts ids into URLs as they are */
  constructor(
    private readonly peers: Peers,
    private readonly isIdEscaped: boolean,
  ) {}

  async read(id: string): Promise<Document> {
    const cluster = await this.send('GET', this.path(id));
    if (!isObject(cluster)) throw new Error('Error occurred: the registry sent no object');
    return cluster;
  }

  create(cluster: unknown): Promise<unknown> {
    return this.send('POST', '/clusters', cluster);
  }

  /** @param update in MongoDB's syntax */
  update(id: string, update: unknown): Promise<unknown> {
    return this.send('PUT', this.path(id), update);
  }

  delete(id: string): Promise<unknown> {
    return this.send('DELETE', this.path(id));
  }

  query(filter: unknown): Promise<unknown> {
    return this.send('POST', '/clusters/query', { query: filter });
  }

  private path(id: string): string {
    return `/clusters/${this.isIdEscaped ? encodeURIComponent(id) : id}`;
  }

  private async send(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await this.peers
      .send(method, `${this.peers.address('clustersRegistry')}${path}`, body)
      .catch((error: unknown) => {
        throw new Error(`Error occurred: ${(error as Error).message}`, { cause: error });
      });
    try {
      requireSuccess(response);
    } catch (error) {
      throw new Error(`HTTP error occurred: ${(error as Error).message}`, { cause: error });
    }
    return response.json();
  }
}
