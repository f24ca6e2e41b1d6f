import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NetworkConfig } from '../../../../infra/config';
import type { JsonMap } from '../../../../kubernetes-api';
import { Cluster } from '../../../../operations/backup/api';
import { networkConfig } from '../../../network-config';
import { TestServer } from '../../kubernetes-api/servers';

type Labels = Record<string, string>;

/** What a Job's pod logs, and whether the Job succeeds. */
export interface Run {
  readonly log: readonly string[];
  readonly fails?: boolean;
}

interface Stored extends JsonMap {
  metadata: JsonMap & { name: string };
}

/** An API server with a Job controller: a Job that is created has a pod that ends with what `runs` says of its task. */
export class FakeCluster {
  readonly objects = new Map<string, Stored>();
  /** What was asked for that changed something, in its order. */
  readonly changes: string[] = [];
  /** The Jobs that were created, as they were asked for. */
  readonly created: Stored[] = [];
  private readonly logs = new Map<string, readonly string[]>();
  private server: TestServer | undefined;

  constructor(private readonly runs: Readonly<Record<string, Run>>) {}

  put(folder: string, object: JsonMap & { metadata: JsonMap }): void {
    const { name } = object.metadata as { name: string };
    this.objects.set(`${folder}/${name}`, object as Stored);
  }

  /** Lets work be done on it, on a stack that backs its registry up. */
  async use<T>(work: (cluster: Cluster, config: NetworkConfig) => Promise<T>): Promise<T> {
    this.server = await TestServer.http((request, response) => void this.answer(request, response));
    const kubeconfig = JSON.stringify({
      apiVersion: 'v1',
      contexts: [{ name: 'here', context: { cluster: 'c', user: '' } }],
      clusters: [{ name: 'c', cluster: { server: this.server.url } }],
    });
    const config = networkConfig({ registry: { backup: { to: { volume: {} } } } });
    const own = { ...config, cluster: { context: 'here', kubeconfig } };
    return Cluster.use(own, (cluster) => work(cluster, own), 1);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://localhost');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const body = text === '' ? undefined : (JSON.parse(text) as Stored);
    const log = this.logs.get(url.pathname);
    if (log) return void response.end(log.map((line) => `${line}\n`).join(''));
    const { code, object } = this.handle(request.method ?? '', url, body);
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(object));
  }

  private handle(method: string, { pathname, searchParams }: URL, body: Stored | undefined) {
    if (method !== 'GET')
      this.changes.push([method, pathname.split('/').slice(-2).join('/'), replicasIn(body)].join(' ').trim());
    if (method === 'POST' && body) return { code: 201, object: this.create(pathname, body) };
    const found = this.objects.get(pathname);
    if (method === 'DELETE') this.objects.delete(pathname);
    if (method === 'PATCH' && found && body) Object.assign(found, merged(found, body));
    if (found) return { code: 200, object: found };
    if (method !== 'GET' || /\/[^/]+s\/[^/]+$/.test(pathname.replace(/\/namespaces\/[^/]+/, '')))
      return { code: 404, object: { kind: 'Status', code: 404, message: `${pathname} not found` } };
    return { code: 200, object: { items: this.list(pathname, searchParams.get('labelSelector') ?? '') } };
  }

  private list(folder: string, selector: string): Stored[] {
    const wanted = selector === '' ? [] : selector.split(',').map((one) => one.split('='));
    return [...this.objects]
      .filter(([path]) => path.startsWith(`${folder}/`))
      .map(([, object]) => object)
      .filter(({ metadata }) =>
        wanted.every(([key = '', value]) => (metadata.labels as Labels | undefined)?.[key] === value),
      );
  }

  private create(folder: string, object: Stored): Stored {
    const stored = { ...object, metadata: { ...object.metadata, uid: randomUUID() } };
    this.put(folder, stored);
    if (folder.endsWith('/jobs')) {
      this.created.push(object);
      this.runJob(folder, stored);
    }
    return stored;
  }

  private runJob(folder: string, job: Stored): void {
    const { name, labels } = job.metadata as { name: string; labels: Labels };
    const { log, fails = false } = this.runs[labels['aios-network/backup-task'] ?? 'backup'] ?? {
      log: [],
      fails: true,
    };
    const type = fails ? 'Failed' : 'Complete';
    Object.assign(job, { status: { conditions: [{ type, status: 'True', message: 'so it is' }] } });
    const pods = folder.replace('/apis/batch/v1', '/api/v1').replace(/jobs$/, 'pods');
    this.put(pods, {
      metadata: { name: `${name}-x`, labels: { 'job-name': name } },
      status: { containerStatuses: [{ name: 'registry-backup', state: { terminated: {} } }] },
    });
    this.logs.set(`${pods}/${name}-x/log`, log);
  }
}

function replicasIn(body: Stored | undefined): string {
  const { replicas } = (body?.spec ?? {}) as { replicas?: number };
  return replicas === undefined ? '' : `replicas=${replicas}`;
}

/** A merge patch of what is two levels deep, which is as deep as any of ours. */
function merged(object: Stored, patch: Stored): JsonMap {
  const { metadata, spec } = patch as unknown as { metadata: { annotations: Labels }; spec: JsonMap };
  const annotations = Object.entries({ ...(object.metadata.annotations as Labels), ...metadata.annotations });
  return {
    metadata: {
      ...object.metadata,
      annotations: Object.fromEntries(annotations.filter(([, value]) => (value as string | null) !== null)),
    },
    spec: { ...(object.spec as JsonMap), ...spec },
  };
}
