import { UserError } from '../../../../shared/errors';
import {
  type ApiClient,
  type ApiResponse,
  type ApiRequest,
  type Json,
  type JsonMap,
  at,
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

type KindReference = Pick<ObjectReference, 'apiVersion' | 'kind'>;

/** The cluster knows no such kind: its CustomResourceDefinition is missing, as a rule. */
export class UnknownKindError extends UserError {
  constructor({ apiVersion, kind }: KindReference) {
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
    private readonly discovered = new Map<string, KindPath>(),
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
    of: KindReference & Pick<ObjectReference, 'namespace'>,
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
  async isNamespaced(of: KindReference): Promise<boolean> {
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

  private async path(reference: KindReference & Partial<ObjectReference>): Promise<string> {
    const { plural, namespaced } = await this.find(reference);
    const { namespace, name } = reference;
    return [
      groupPath(reference.apiVersion),
      ...(namespaced && namespace !== undefined ? ['namespaces', encodeURIComponent(namespace)] : []),
      plural,
      ...(name === undefined ? [] : [encodeURIComponent(name)]),
    ].join('/');
  }

  private async find(of: KindReference): Promise<KindPath> {
    const { apiVersion, kind } = of;
    const known = commonKind(of) ?? this.discovered.get(`${apiVersion}/${kind}`);
    if (known) return known;
    const resource = (await this.resourcesOf(apiVersion)).find(
      (one) => textAt(one, 'kind') === kind && !textAt(one, 'name').includes('/'),
    );
    // What is not there yet may come: its absence is not remembered.
    if (!resource) throw new UnknownKindError(of);
    const found = { plural: textAt(resource, 'name'), namespaced: at(resource, 'namespaced') === true };
    this.discovered.set(`${apiVersion}/${kind}`, found);
    return found;
  }

  private async resourcesOf(apiVersion: string): Promise<Json[]> {
    try {
      const { body } = await this.send({ method: 'GET', path: groupPath(apiVersion), repeatable: true });
      return listAt(body, 'resources');
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  }
}

const groupPath = (apiVersion: string) => (apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`);
