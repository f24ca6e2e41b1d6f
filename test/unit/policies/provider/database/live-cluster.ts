import { ApiClient, type JsonMap } from '../../../../../kubernetes-api';
import type { Call } from '../../../../../policies/provider/resource-handler';
import type { Services } from '../../../../../policies/provider/services/services';
import { TestServer } from '../../../kubernetes-api/servers';
import { targetOf } from '../../../kubernetes-api/targets';

/** A cluster with these objects, and what a handler is called with that asks it. */
export async function clusterWith(
  objects: Partial<Record<'claims' | 'volumes' | 'pods' | 'nodes' | 'storageclasses' | 'configmaps', JsonMap[]>>,
  warn: (message: string) => void = () => undefined,
): Promise<{ server: TestServer; asking: Call }> {
  const server = await TestServer.http(({ url = '' }, response) => {
    const [kind = 'volumes'] = (['claims', 'pods', 'nodes', 'storageclasses', 'configmaps'] as const).filter((part) =>
      url.includes(part),
    );
    const [, name] = /(?:storageclasses|configmaps)\/([^?]+)/.exec(url) ?? [];
    const items = objects[kind] ?? [];
    if (name === undefined) return void response.end(JSON.stringify({ kind: 'List', items }));
    const found = items.find(({ metadata }) => (metadata as JsonMap).name === name);
    response.statusCode = found ? 200 : 404;
    response.end(JSON.stringify(found ?? { kind: 'Status', code: 404, message: `${name} not found` }));
  });
  const client = new ApiClient(targetOf(server.url), 5);
  const services = { cluster: () => Promise.resolve(client) } as unknown as Services;
  const { signal } = new AbortController();
  return { server, asking: { urn: '', services, signal, status: () => undefined, warn } };
}

export const metadata = (name: string, extra: JsonMap = {}) => ({ metadata: { name, ...extra } });

export const terminating = { deletionTimestamp: '2026-11-28T00:00:00Z' };

export const claim = (ordinal: number, storageClassName: string, extra: JsonMap = {}) => ({
  ...metadata(`data-registry-${ordinal}`, extra),
  spec: { storageClassName, resources: { requests: { storage: '10Gi' } } },
});

export const volume = (ordinal: number, hostname: string, path = '/mnt/registry', extra: JsonMap = {}) => ({
  ...metadata(`registry-data-${ordinal}`, extra),
  spec: {
    claimRef: { namespace: 'registries' },
    hostPath: { path: `${path}-${ordinal}` },
    nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ values: [hostname] }] }] } },
  },
});

export const pod = (ordinal: number, ready: boolean, extra: JsonMap = {}) => ({
  ...metadata(`registry-${ordinal}`, extra),
  status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
});
