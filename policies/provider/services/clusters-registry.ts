import { ResponseError } from '../errors';
import { type Answer, type Request, type Service, type RequestContext, tooSlow } from '../http/service';
import { type Json, type JsonObject, isJsonObject } from '../wire/value';
import type { GatewayMap } from './gateway';

/** The clusters' entries, where their maps are kept. */
export class ClustersRegistry {
  private workingRoute = 0;

  /** @param gateway hands whole maps on to the registry */
  constructor(
    readonly service: Service,
    private readonly gateway: Service,
  ) {}

  /**
   * Whether the registry has the cluster.
   *
   * @throws Outage if the answer proves nothing
   */
  async knows(context: RequestContext, clusterId: string): Promise<boolean> {
    try {
      await this.service.request(context, { method: 'GET', path: `/clusters/${clusterId}`, repeatable: true });
      return true;
    } catch (error) {
      if (!isUnknownCluster(error)) throw error;
    }
    // "Not found" is also what a registry without its database says, only later.
    const all = await this.query(context);
    return clustersIn(all.body).some(({ id }) => id === clusterId);
  }

  /** Every cluster's entry. */
  async clusters(context: RequestContext): Promise<JsonObject[]> {
    return clustersIn((await this.query(context)).body);
  }

  /** Every cluster's map by its id. */
  async maps(context: RequestContext): Promise<Map<string, Json>> {
    return new Map(
      (await this.clusters(context)).map((cluster) => [
        typeof cluster.id === 'string' ? cluster.id : '',
        mapOf(cluster),
      ]),
    );
  }

  /**
   * Replaces a cluster's map as a whole: the only way in which a key goes.
   *
   * @returns false if the cluster is not known
   */
  async replaceMap(context: RequestContext, clusterId: string, map: GatewayMap): Promise<boolean> {
    for (; ; this.workingRoute++) {
      try {
        await this.requestReplacement(context, clusterId, map);
        return true;
      } catch (error) {
        if (isUnknownCluster(error)) return false;
        if (!isMissingRoute(error) || this.workingRoute === 2) throw error;
      }
    }
  }

  /** Releases differ in where this is: at the gateway, at the registry under the same path, or as the registry documents it. */
  private requestReplacement(context: RequestContext, clusterId: string, map: GatewayMap): Promise<Answer> {
    const change = { 'config.actionsPolicyMap': map };
    const put = (path: string, body: JsonObject): Request => ({ method: 'PUT', path, body, repeatable: true });
    switch (this.workingRoute) {
      case 0:
        return this.gateway.request(context, put(`/clusters/update/${clusterId}`, change));
      case 1:
        return this.service.request(context, put(`/clusters/update/${clusterId}`, change));
      default:
        return this.service.request(context, put(`/clusters/${clusterId}`, { $set: change }));
    }
  }

  /** All clusters. The empty body means that to releases that expect a filter, and to those that expect {query: filter}. */
  private async query(context: RequestContext): Promise<Answer> {
    const answer = await this.service.request(context, {
      method: 'POST',
      path: '/clusters/query',
      body: {},
      repeatable: true,
    });
    const slow = tooSlow(answer, this.service.timing);
    if (slow !== undefined) throw this.service.outageOf(slow);
    return answer;
  }
}

function clustersIn(body: Json): JsonObject[] {
  const list = isJsonObject(body) ? body.data : body;
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

function mapOf({ config }: JsonObject): Json {
  return (isJsonObject(config) ? config.actionsPolicyMap : undefined) ?? {};
}

/** The registry says so itself; the gateway repeats the registry's 404 in an HTTP 500. */
const isUnknownCluster = (error: unknown) =>
  error instanceof ResponseError &&
  (/cluster not found/i.test(error.reason) || (error.status === 500 && /\b404\b/.test(error.reason)));

/** What a web framework answers of itself, where it has no such route. */
const isMissingRoute = (error: unknown) =>
  error instanceof ResponseError && (error.status === 404 || error.status === 405);
