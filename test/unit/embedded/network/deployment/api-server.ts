import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** As much of a pod as the watch looks at. */
export interface Pod {
  metadata: { name: string; uid: string; deletionTimestamp?: string };
  spec: { containers: { env?: object[]; envFrom?: object[] }[] };
  status: { conditions: { type: string; status: string }[] };
}

/** A ready pod whose container has this environment. */
export function readyPod(uid: string, container: Pod['spec']['containers'][number]): Pod {
  return {
    metadata: { name: uid, uid },
    spec: { containers: [container] },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  };
}

/** An API server that knows pods and ConfigMaps. */
export class FakeApiServer {
  pods: Pod[] = [];
  configMaps: Record<string, Record<string, string>> = {};
  /** What has happened; a resource version is a number of events. */
  private readonly events: string[] = [];
  private readonly watchers = new Set<ServerResponse>();
  private server = this.createServer();
  private port = 0;

  /** @returns path of a kubeconfig with a context `fake` */
  async start(directory: string): Promise<string> {
    await this.listen();
    const kubeconfig = path.join(directory, 'kubeconfig');
    const server = `http://127.0.0.1:${this.port}`;
    const entries = {
      clusters: [{ name: 'fake', cluster: { server } }],
      users: [{ name: 'fake', user: { token: 'token' } }],
      contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'fake' } }],
    };
    writeFileSync(kubeconfig, JSON.stringify({ apiVersion: 'v1', kind: 'Config', ...entries }));
    return kubeconfig;
  }

  /** Changes what there is and tells the watchers. */
  emit(type: 'ADDED' | 'MODIFIED' | 'DELETED', pod: Pod): void {
    this.pods = this.pods.filter(({ metadata }) => metadata.uid !== pod.metadata.uid);
    if (type !== 'DELETED') this.pods.push(pod);
    const event = `${JSON.stringify({ type, object: pod })}\n`;
    this.events.push(event);
    for (const watcher of this.watchers) watcher.write(event);
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    this.watchers.clear();
    await closed;
  }

  /** On the same port. */
  async startAgain(): Promise<void> {
    this.server = this.createServer();
    await this.listen();
  }

  private async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
  }

  private createServer() {
    return createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      response.setHeader('content-type', 'application/json');
      const [, name] = /^\/api\/v1\/namespaces\/services\/configmaps\/(.+)$/.exec(url.pathname) ?? [];
      if (name !== undefined) this.answerConfigMap(name, response);
      else if (url.searchParams.has('watch')) this.watch(Number(url.searchParams.get('resourceVersion')), response);
      else
        response.end(JSON.stringify({ metadata: { resourceVersion: String(this.events.length) }, items: this.pods }));
    });
  }

  private watch(version: number, response: ServerResponse): void {
    response.writeHead(200).flushHeaders();
    for (const event of this.events.slice(version)) response.write(event);
    this.watchers.add(response);
  }

  private answerConfigMap(name: string, response: ServerResponse): void {
    const data = this.configMaps[name];
    response.statusCode = data ? 200 : 404;
    response.end(JSON.stringify({ data }));
  }
}
