import { UserError } from '../../../../shared/errors';
import {
  type ApiClient,
  type ApiResponse,
  ApiError,
  type ApiRequest,
  type Json,
  type JsonMap,
  isJsonMap,
  isNotFound,
  listAt,
  textAt,
} from '../../../../../kubernetes-api';
import type { ResourceCall } from '../../provider';
import { type ObjectReference, referenceOf } from '../object';
import { type KindPath, commonKind } from './kinds';

export interface ApplyOptions {
  fieldManager: string;
  /** Takes fields from other managers instead of failing. */
  force: boolean;
  /** Default: false. */
  dryRun?: boolean;
}

export interface Applied {
  object: JsonMap;
  /** It did not exist before. */
  created: boolean;
  /** An answer got lost on the way, so that `created` may be wrong. */
  repeated: boolean;
}

/** The cluster knows no such kind: its CustomResourceDefinition is missing, as a rule. */
export class UnknownKindError extends UserError {
  constructor({ apiVersion, kind }: Pick<ObjectReference, 'apiVersion' | 'kind'>) {
    super(
      `the cluster has no kind ${kind} in ${apiVersion}: check apiVersion and kind, and that its ` +
        'CustomResourceDefinition is created before (dependsOn)',
    );
    this.name = 'UnknownKindError';
  }
}

/** On whose behalf requests are made. */
type Caller = Pick<ResourceCall, 'signal' | 'status'>;

/** Milliseconds after which the user is told what is waited for. */
const PATIENCE = 2_000;

/** The objects of a cluster, of any kind. */
export class ClusterObjects {
  constructor(
    private readonly client: ApiClient,
    private readonly discovered = new Map<string, Promise<Map<string, KindPath>>>(),
    private readonly caller?: Caller,
  ) {}

  /** The same objects for one call: its signal ends requests, and its user is told of one that takes long. */
  for(caller: Caller): ClusterObjects {
    return new ClusterObjects(this.client, this.discovered, caller);
  }

  /** @returns undefined where there is none */
  async get(reference: ObjectReference, options: Pick<ApiRequest, 'retries'> = {}): Promise<JsonMap | undefined> {
    const path = await this.path(reference);
    try {
      return (await this.send({ method: 'GET', path, repeatable: true, ...options })).body;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** The objects of a kind in a namespace that match the selectors. */
  async list(
    of: Pick<ObjectReference, 'apiVersion' | 'kind' | 'namespace'>,
    query: { labelSelector?: string; fieldSelector?: string } = {},
  ): Promise<JsonMap[]> {
    const path = await this.path(of);
    const { body } = await this.send({ method: 'GET', path, query, repeatable: true, retries: 0 });
    return listAt(body, 'items').filter(isJsonMap);
  }

  /** Server-side apply: sets the body's fields, and removes those that the field manager applied before and now leaves out. */
  async apply(body: JsonMap, options: ApplyOptions): Promise<Applied> {
    const answer = await this.send({
      method: 'PATCH',
      path: await this.path(referenceOf(body)),
      contentType: 'application/apply-patch+yaml',
      query: {
        fieldManager: options.fieldManager,
        force: String(options.force),
        fieldValidation: 'Strict',
        ...(options.dryRun && { dryRun: 'All' }),
      },
      body,
      repeatable: true,
    });
    return { object: answer.body, created: answer.code === 201, repeated: answer.attempts > 1 };
  }

  /** A JSON patch (RFC 6902). Not repeated, as the second time its tests fail. */
  async patch(reference: ObjectReference, operations: Json[]): Promise<void> {
    await this.send({
      method: 'PATCH',
      path: await this.path(reference),
      contentType: 'application/json-patch+json',
      body: operations,
      repeatable: false,
    });
  }

  /** Asks for the deletion of the object and first of what it owns; it is gone once nothing holds it any more. */
  async delete(reference: ObjectReference, uid: string): Promise<void> {
    await this.send({
      method: 'DELETE',
      path: await this.path(reference),
      body: {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: 'Foreground',
        ...(uid !== '' && { preconditions: { uid } }),
      },
      // Without the precondition, a second request could meet a successor of the object.
      repeatable: uid !== '',
    });
  }

  /** @throws UnknownKindError */
  async isNamespaced(of: Pick<ObjectReference, 'apiVersion' | 'kind'>): Promise<boolean> {
    return (await this.find(of)).namespaced;
  }

  close(): void {
    this.client.close();
  }

  private async send(request: ApiRequest): Promise<ApiResponse> {
    const { caller } = this;
    if (!caller) return this.client.request(request);
    const telling = setTimeout(() => caller.status(`waiting for an answer of ${this.client.server}`), PATIENCE);
    return this.client.request({ signal: caller.signal, ...request }).finally(() => clearTimeout(telling));
  }

  private async path(
    reference: Pick<ObjectReference, 'apiVersion' | 'kind' | 'namespace'> & { name?: string },
  ): Promise<string> {
    const { plural, namespaced } = await this.find(reference);
    const { namespace, name } = reference;
    return [
      groupPath(reference.apiVersion),
      ...(namespaced && namespace !== undefined ? ['namespaces', encodeURIComponent(namespace)] : []),
      plural,
      ...(name === undefined ? [] : [encodeURIComponent(name)]),
    ].join('/');
  }

  private async find(of: Pick<ObjectReference, 'apiVersion' | 'kind'>): Promise<KindPath> {
    const { apiVersion, kind } = of;
    const known = commonKind(of) ?? (await this.discovered.get(apiVersion))?.get(kind);
    if (known) return known;
    // What is not there yet may come: its absence is not remembered.
    const discovery = this.discover(apiVersion);
    this.discovered.set(apiVersion, discovery);
    const found = (await discovery).get(kind);
    if (!found) throw new UnknownKindError(of);
    return found;
  }

  private async discover(apiVersion: string): Promise<Map<string, KindPath>> {
    try {
      const { body } = await this.send({ method: 'GET', path: groupPath(apiVersion), repeatable: true });
      const resources = listAt(body, 'resources').filter((resource) => !textAt(resource, 'name').includes('/'));
      return new Map(
        resources
          .filter(isJsonMap)
          .map((resource) => [
            textAt(resource, 'kind'),
            { plural: textAt(resource, 'name'), namespaced: resource.namespaced === true },
          ]),
      );
    } catch (error) {
      this.discovered.delete(apiVersion);
      if (error instanceof ApiError && error.code === 404) return new Map();
      throw error;
    }
  }
}

const groupPath = (apiVersion: string) => (apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`);
