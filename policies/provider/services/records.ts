import { ResponseError, type Outage } from '../errors';
import { pause } from '../http/pause';
import { type Answer, type Request, type Service, type RequestContext, reasonIn, tooSlow } from '../http/service';
import { type Json, type JsonObject, isJsonObject } from '../wire/value';

/** Looks at a policies system that has nothing at all before that is believed. */
const rechecks = 3;

/** A kind of entry in the policies system: policies and executors have the same API. */
export class Records {
  private lastSign: { at: number; alive: Promise<boolean> } | undefined;

  constructor(
    readonly service: Service,
    private readonly path: '/policy' | '/executor',
    /** The field that names an entry. It is not unique: a second insert is a second entry. */
    private readonly key: 'policy_rule_uri' | 'executor_id',
    /** The other kind: a sign of life where this one has no entries. */
    private readonly other: () => Records,
  ) {}

  /** Every entry of that name. An empty list proves nothing: see `isGone`. */
  async find(context: RequestContext, name: string): Promise<JsonObject[]> {
    return (await this.query(context, { [this.key]: name })).entries;
  }

  /**
   * Whether there is certainly no entry of that name. Without its database the policies system answers an empty list, so
   * nothing found counts only next to something found, or if it stays that way and is said promptly.
   *
   * @throws Outage if that cannot be told
   */
  async isGone(context: RequestContext, name: string): Promise<boolean> {
    for (let look = 1; look <= rechecks; look++) {
      const { entries, slow } = await this.query(context, { [this.key]: name });
      if (entries.length > 0) return false;
      if (slow) throw slow;
      if (await this.showsLife(context)) return true;
      context.status(`${this.service.name} has no entry at all: making sure (${look} of ${rechecks})`);
      await pause(this.service.timing.recheckMs, context.signal);
    }
    return true;
  }

  /** Not repeated when its answer is lost: that could store two. */
  async insert(context: RequestContext, entry: JsonObject): Promise<void> {
    await this.send(context, { method: 'POST', path: this.path, body: entry, repeatable: false });
  }

  /** Replaces the first entry of that name. */
  async replace(context: RequestContext, name: string, entry: JsonObject): Promise<void> {
    await this.send(context, { method: 'PUT', path: this.pathOf(name), body: entry, repeatable: true });
  }

  /** Removes one entry of that name. @returns false if there was none */
  async remove(context: RequestContext, name: string): Promise<boolean> {
    try {
      await this.send(context, { method: 'DELETE', path: this.pathOf(name), repeatable: false });
      return true;
    } catch (error) {
      // "ResponseError to delete" is all that it says of one that does not exist.
      if (error instanceof ResponseError && error.status === 200 && (await this.isGone(context, name))) return false;
      throw error;
    }
  }

  /** A call about one entry that goes beyond its record. */
  act(context: RequestContext, name: string, request: Omit<Request, 'path'> & { action: string }): Promise<Json> {
    const { action, ...rest } = request;
    return this.send(context, { ...rest, path: `${this.pathOf(name)}/${action}` });
  }

  private pathOf(name: string): string {
    return `${this.path}/${encodeURIComponent(name)}`;
  }

  /** Whether any entry can be found. Asked once for all that want to know it at the same time. */
  private showsLife(context: RequestContext): Promise<boolean> {
    const now = performance.now();
    if (!this.lastSign || now - this.lastSign.at > this.service.timing.recheckMs) {
      this.lastSign = { at: now, alive: this.lookForLife(context) };
    }
    return this.lastSign.alive;
  }

  private async lookForLife(context: RequestContext): Promise<boolean> {
    for (const records of [this, this.other()]) {
      const { entries, slow } = await records.query(context, {});
      if (slow) throw slow;
      if (entries.length > 0) return true;
    }
    return false;
  }

  private async query(context: RequestContext, filter: JsonObject): Promise<{ entries: JsonObject[]; slow?: Outage }> {
    const request = { method: 'POST', path: `${this.path}/query`, body: filter, repeatable: true } as const;
    const answer = await this.service.request(context, request);
    const data = this.dataOf(answer, request);
    if (!Array.isArray(data)) throw this.service.outageOf(`answered ${request.path} without a list`);
    const slow = tooSlow(answer, this.service.timing);
    return { entries: data.filter(isJsonObject), ...(slow !== undefined && { slow: this.service.outageOf(slow) }) };
  }

  private async send(context: RequestContext, request: Request): Promise<Json> {
    return this.dataOf(await this.service.request(context, request), request);
  }

  /** Failures come as HTTP 200. */
  private dataOf({ body, status }: Answer, { method, path }: Pick<Request, 'method' | 'path'>): Json {
    if (isJsonObject(body) && body.success === true) return body.data ?? null;
    throw this.service.failure(
      `${method} ${path}`,
      status,
      `success: false, ${reasonIn(body) ?? JSON.stringify(body)}`,
    );
  }
}
