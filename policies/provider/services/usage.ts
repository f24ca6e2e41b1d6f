import { Outage } from '../errors';
import type { RequestContext } from '../http/service';
import { type Json, isJsonObject } from '../wire/value';
import type { ClustersRegistry } from './clusters-registry';
import { type Gateway, USUAL_PROCESSES } from './gateway';

/** One use of a policy: an action of the network's map or of a cluster's. */
interface Use {
  uri: string;
  /** For messages. */
  where: string;
}

/** As long as nothing is written, one look at all maps serves every delete that begins within this time. */
const FRESH_MILLISECONDS = 5_000;

/** Which policies are bound, anywhere in the network. */
export class Usage {
  private last: { at: number; uses: Promise<Use[]> } | undefined;

  constructor(
    private readonly gateway: Gateway,
    private readonly clustersRegistry: ClustersRegistry,
  ) {}

  /** Where the policy is bound, one line each. */
  async of(context: RequestContext, uri: string): Promise<string[]> {
    const uses = await this.all(context);
    return [...new Set(uses.filter((use) => use.uri === uri).map(({ where }) => where))];
  }

  /** To be called after a map has been written. */
  forget(): void {
    this.last = undefined;
  }

  private all(context: RequestContext): Promise<Use[]> {
    const now = performance.now();
    if (this.last && now - this.last.at < FRESH_MILLISECONDS) return this.last.uses;
    const scan = { at: now, uses: this.scan(context) };
    this.last = scan;
    // A failure is not remembered.
    scan.uses.catch(() => this.forget());
    return scan.uses;
  }

  /**
   * A gateway that is not there binds nothing, and a stack that is taken down loses its gateway along with its policies. One
   * that is only slow, or talks nonsense, may bind anything: that stays an outage.
   */
  private networkMaps(context: RequestContext): Promise<Json[]> {
    return this.gateway.networkMaps(context, USUAL_PROCESSES).catch(nothingIfNobody);
  }

  private async scan(context: RequestContext): Promise<Use[]> {
    const [network, clusters] = await Promise.all([this.networkMaps(context), this.clustersRegistry.maps(context)]);
    return [
      ...network.flatMap((map) => usesIn(map, 'of the network')),
      ...[...clusters].flatMap(([id, map]) => usesIn(map, `of cluster ${id}`)),
    ];
  }
}

function nothingIfNobody(error: unknown): Json[] {
  if (error instanceof Outage && error.nobody) return [];
  throw error;
}

function usesIn(map: Json, owner: string): Use[] {
  if (!isJsonObject(map)) return [];
  return Object.entries(map).flatMap(([action, value]) => {
    const uri = isJsonObject(value) ? value.policyRuleURI : value;
    return typeof uri === 'string' && uri !== '' ? [{ uri, where: `${action} ${owner}` }] : [];
  });
}
