import type { Document } from '../store/collection';
import { isObject } from '../store/filter';

/** How the gateway reaches the clusters registry. */
export class RegistryClient {
  /** @param isIdEscaped upstream puts ids into URLs as they are */
  constructor(
    private readonly baseUrl: () => string,
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

  /** @throws Error as Python's requests words it */
  private async send(method: string, path: string, body?: unknown): Promise<unknown> {
    const url = `${this.baseUrl()}${path}`;
    const response = await fetch(url, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (response.ok) return response.json();
    const side = response.status < 500 ? 'Client' : 'Server';
    throw new Error(
      `HTTP error occurred: ${response.status} ${side} Error: ${response.statusText} for url: ${response.url}`,
    );
  }
}
