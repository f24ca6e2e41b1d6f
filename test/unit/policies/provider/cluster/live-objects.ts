import { ApiClient, type JsonMap, textAt } from '../../../../../kubernetes-api';
import type { Call } from '../../../../../policies/provider/resource-handler';
import type { Services } from '../../../../../policies/provider/services/services';
import { TestServer, closeServers } from '../../../kubernetes-api/servers';
import { targetOf } from '../../../kubernetes-api/targets';

/** An API server that keeps what it is given, by path. */
export class LiveObjects {
  readonly objects = new Map<string, JsonMap>();
  /** What was warned of. */
  readonly warned: string[] = [];
  /** Paths that may not be read. */
  readonly forbidden = new Set<string>();
  private version = 0;
  private client: ApiClient | undefined;

  private constructor(private readonly urn: string) {}

  static async start(urn: string): Promise<{ live: LiveObjects; call: Call }> {
    const live = new LiveObjects(urn);
    const server = await TestServer.http((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { code, body } = live.answer(request.method ?? '', request.url ?? '', Buffer.concat(chunks).toString());
        response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
    const client = new ApiClient(targetOf(server.url), 5);
    live.client = client;
    const call = {
      urn,
      services: { cluster: () => Promise.resolve(client) } as unknown as Services,
      signal: new AbortController().signal,
      status: () => undefined,
      warn: (message: string) => live.warned.push(message),
    };
    return { live, call };
  }

  async stop(): Promise<void> {
    this.client?.close();
    await closeServers();
  }

  put(path: string, object: JsonMap): void {
    this.version += 1;
    const metadata = { uid: `uid-of-${path}`, ...(object.metadata as JsonMap), resourceVersion: `${this.version}` };
    this.objects.set(path, { ...object, metadata });
  }

  private answer(method: string, path: string, text: string): { code: number; body: JsonMap } {
    const status = (code: number) => ({ code, body: { kind: 'Status', code, message: `as told of ${this.urn}` } });
    if (this.forbidden.has(path)) return status(403);
    const body = text === '' ? {} : (JSON.parse(text) as JsonMap);
    const place = method === 'POST' ? `${path}/${textAt(body, 'metadata', 'name')}` : path;
    const found = this.objects.get(place);
    if (method === 'POST' && found !== undefined) return status(409);
    if (method !== 'POST' && found === undefined) return status(404);
    if (method === 'DELETE') this.objects.delete(place);
    else if (method !== 'GET') this.put(place, body);
    return { code: 200, body: this.objects.get(place) ?? {} };
  }
}
