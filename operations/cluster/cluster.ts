import { type ApiClient, ApiError, type Json, type JsonMap, at, find, listAt, textAt } from '../../kubernetes-api';

/** What one may do, as the API server is asked for it. */
export interface Access {
  verb: string;
  group: string;
  resource: string;
  /** Absent: of the cluster. */
  namespace?: string;
  subresource?: string;
}

/** A kind as the API server serves it. */
export interface ServedKind {
  group: string;
  /** What it is called in paths: `deployments`. */
  resource: string;
  /** Where its API begins: `/apis/apps/v1`. */
  root: string;
  namespaced: boolean;
}

/** What checks ask a cluster. Nothing is ever changed: what is created or applied is a dry run. */
export class Cluster {
  private readonly known = new Map<string, Promise<JsonMap | undefined>>();

  constructor(private readonly client: ApiClient) {}

  /** What is under a path, read once. @returns undefined if it is not there */
  get(path: string): Promise<JsonMap | undefined> {
    const known = this.known.get(path) ?? find(this.client, path);
    this.known.set(path, known);
    return known;
  }

  async list(path: string): Promise<Json[]> {
    return listAt(await this.get(path), 'items');
  }

  /** One of the objects under a path, which are read together. @returns undefined if it is not there */
  async named(path: string, name: string): Promise<Json | undefined> {
    return (await this.list(path)).find((object) => textAt(object, 'metadata', 'name') === name);
  }

  nodes(): Promise<Json[]> {
    return this.list('/api/v1/nodes');
  }

  services(): Promise<Json[]> {
    return this.list('/api/v1/services');
  }

  async namespaces(): Promise<ReadonlySet<string>> {
    return new Set((await this.list('/api/v1/namespaces')).map((namespace) => textAt(namespace, 'metadata', 'name')));
  }

  /** @returns undefined if the API server does not serve the kind in this version */
  async kind(apiVersion: string, kind: string): Promise<ServedKind | undefined> {
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const resources = listAt(await this.get(root), 'resources');
    const found = resources.find((one) => textAt(one, 'kind') === kind && !textAt(one, 'name').includes('/'));
    if (found === undefined) return undefined;
    const [group = ''] = apiVersion.includes('/') ? apiVersion.split('/') : [''];
    return { group, resource: textAt(found, 'name'), root, namespaced: at(found, 'namespaced') === true };
  }

  /** Whether whoever asks may do this. */
  async may(resourceAttributes: Access): Promise<boolean> {
    const { body } = await this.client.request({
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { ...resourceAttributes } },
      },
      repeatable: true,
    });
    return at(body, 'status', 'allowed') === true;
  }

  /** What is answered under a path, asked once: its HTTP status. */
  async status(path: string): Promise<number> {
    return (await this.client.exchange({ method: 'GET', path })).code;
  }

  /** Has an object created as a dry run, admission included. @returns the refusal; undefined if there is none */
  async refusalOf(path: string, body: JsonMap): Promise<ApiError | undefined> {
    try {
      await this.client.request({ method: 'POST', path, query: { dryRun: 'All' }, body, repeatable: false });
      return undefined;
    } catch (error) {
      if (error instanceof ApiError) return error;
      throw error;
    }
  }

  /** An object as it would be with these fields applied, whoever has them now: a dry run. The object has to be there. */
  async applied(path: string, body: JsonMap): Promise<JsonMap> {
    const query = { dryRun: 'All', fieldManager: 'aios-network-verify', force: 'true' };
    const contentType = 'application/apply-patch+yaml';
    return (await this.client.request({ method: 'PATCH', path, query, body, contentType, repeatable: true })).body;
  }
}

/** Where objects of a kind are, in a namespace or of the cluster. */
export function collectionPath({ root, resource, namespaced }: ServedKind, namespace: string | undefined): string {
  return namespaced ? `${root}/namespaces/${namespace ?? 'default'}/${resource}` : `${root}/${resource}`;
}
