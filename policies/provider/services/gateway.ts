import { ResponseError } from '../errors';
import type { Answer, Service, RequestContext } from '../http/service';
import { type Json, type JsonObject, isJsonObject, minimized } from '../wire/value';

/** What the running gateway asks for which action. Anything can be in it, even in the place of the map. */
export type GatewayMap = JsonObject;

/** What the gateway decides on without doing it. */
export type NodeAction = 'add_node' | 'remove_node';

/** So many gateway processes are reckoned with where nobody says how many there are. */
export const USUAL_PROCESSES = 3;

/** How likely one process with another map may be overlooked. */
const MISS_PROBABILITY = 0.001;

/**
 * How many answers have to be heard, if each comes from any of so many processes: the chance that none of them came from one
 * given process is then below one in a thousand. 1 for one, 18 for three, 31 for five.
 */
function answersNeeded(processes: number): number {
  return processes === 1 ? 1 : Math.ceil(Math.log(MISS_PROBABILITY) / Math.log(1 - 1 / processes));
}

/** The part of the cluster controller gateway's API that governs. */
export class Gateway {
  constructor(readonly service: Service) {}

  /**
   * The network's map, in as many answers as it takes to hear all processes: each has a map of its own.
   *
   * @param processes how many answer at the gateway's address
   */
  networkMaps(context: RequestContext, processes: number): Promise<Json[]> {
    // Over one kept connection only one of them would ever answer.
    const request = { ...read(), ownConnection: true };
    const ask = async () => this.mapIn(await this.service.request(context, request));
    return Promise.all(Array.from({ length: answersNeeded(processes) }, ask));
  }

  /**
   * A cluster's map, without empty objects: the registry behind the gateway cannot tell them from nothing.
   *
   * @returns undefined if the gateway does not know the cluster
   */
  async clusterMap(context: RequestContext, clusterId: string): Promise<Json | undefined> {
    try {
      return minimized(this.mapIn(await this.service.request(context, read(clusterId))));
    } catch (error) {
      if (isUnknownCluster(error)) return undefined;
      if (hasNoConfig(error)) return {};
      throw error;
    }
  }

  async postNetworkMap(context: RequestContext, map: GatewayMap): Promise<void> {
    await this.service.request(context, { ...post(map), ownConnection: true });
  }

  /** @returns why nothing was written: the gateway does not know the cluster, or cannot merge into an entry without config */
  async postClusterMap(
    context: RequestContext,
    clusterId: string,
    map: GatewayMap,
  ): Promise<'done' | 'unknown' | 'without config'> {
    try {
      await this.service.request(context, post(map, clusterId));
      return 'done';
    } catch (error) {
      if (isUnknownCluster(error)) return 'unknown';
      if (hasNoConfig(error)) return 'without config';
      throw error;
    }
  }

  /**
   * What the policy of an action decides on a node, without anything being done. The cluster itself is asked, too, where
   * the policy allows it; what it says is not this policy's.
   *
   * @param node its entry where it is to be added, its id where it is to be removed
   * @returns undefined where the gateway has no such call
   * @throws ResponseError with what hinders the policy, or the gateway
   */
  async dryRun(
    context: RequestContext,
    action: NodeAction,
    clusterId: string,
    node: Json,
  ): Promise<boolean | undefined> {
    const ofCluster = `/pre-check-policies/${action}/dry_run/${encodeURIComponent(clusterId)}`;
    const [path, body] =
      typeof node === 'string' ? [`${ofCluster}/${encodeURIComponent(node)}`, {}] : [ofCluster, node];
    return this.decision(context, path, body);
  }

  private async decision(context: RequestContext, path: string, question: Json): Promise<boolean | undefined> {
    try {
      const { body } = await this.service.request(context, { method: 'POST', path, body: question, repeatable: true });
      if (!isJsonObject(body)) throw this.service.outageOf('answered a dry run without a decision');
      return body.allowed === true || 'cluster_response' in body;
    } catch (error) {
      if (error instanceof ResponseError && (error.status === 404 || error.status === 405)) return undefined;
      throw error;
    }
  }

  private mapIn({ body }: Answer): Json {
    if (isJsonObject(body) && 'map' in body) return body.map ?? null;
    throw this.service.outageOf(`answered without a map: ${JSON.stringify(body)}`);
  }
}

/** An unknown cluster is an HTTP 500 that repeats the registry's 404. */
const isUnknownCluster = (error: unknown) =>
  error instanceof ResponseError && error.status === 500 && /\b404\b|not found/i.test(error.reason);

/** Python's KeyError, as it stands in HTTP 500: the registry leaves an empty config out of its answer. */
const hasNoConfig = (error: unknown) =>
  error instanceof ResponseError && error.status === 500 && /"error"\s*:\s*"'config'"/.test(error.reason);

const query = (clusterId?: string) => (clusterId === undefined ? '' : `?cluster_id=${encodeURIComponent(clusterId)}`);

const read = (clusterId?: string) =>
  ({ method: 'GET', path: `/pre-check-policies/get${query(clusterId)}`, repeatable: true }) as const;

/** Posting the same map again changes nothing. */
const post = (map: GatewayMap, clusterId?: string) =>
  ({ method: 'POST', path: `/pre-check-policies/update${query(clusterId)}`, body: map, repeatable: true }) as const;
