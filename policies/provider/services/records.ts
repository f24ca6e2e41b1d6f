import { ResponseError, type Outage } from '../errors';
import { type Answer, type Request, type Service, type RequestContext, reasonIn, tooSlow } from '../http/service';
import { type Json, type JsonObject, isJsonObject } from '../wire/value';

/** How often it is tried to prove that an entry is gone: the entry that proves it may go meanwhile, too. */
const PROOFS = 3;

/** What tells one kind of entry from the other; both have the same API. */
export interface RecordType {
  path: '/policy' | '/executor';
  /** The field that names an entry. It is not unique: a second insert is a second entry. */
  key: 'policy_rule_uri' | 'executor_id';
  /** An entry that stands for nothing, and the name that it gets. */
  canary(): { name: string; entry: JsonObject };
}

/** A kind of entry in the policies system: policies, or executors. */
export class Records {
  constructor(
    readonly service: Service,
    private readonly type: RecordType,
  ) {}

  /**
   * The first entry of each of these names; those that it lacks are certainly not there.
   * @throws Outage if that cannot be told
   */
  async lookUp(context: RequestContext, names: readonly string[]): Promise<ReadonlyMap<string, JsonObject>> {
    const { entries, slow } = await this.ofNames(context, names);
    const found = new Map<string, JsonObject>();
    for (const entry of entries) {
      const name = entry[this.type.key];
      if (typeof name === 'string' && !found.has(name)) found.set(name, entry);
    }
    const missing = names.find((name) => !found.has(name));
    if (missing === undefined) return found;
    if (slow) throw slow;
    // Where another of them is found, the answer is one with a database behind it.
    if (found.size === 0 && !(await this.isGone(context, missing))) return this.lookUp(context, names);
    return found;
  }

  private async ofNames(context: RequestContext, names: readonly string[]) {
    try {
      return await this.query(context, { [this.type.key]: { $in: [...names] } });
    } catch (error) {
      // One entry of an older release makes all of them unreadable.
      if (!(error instanceof ResponseError)) throw error;
      const found = await Promise.all(names.map((name) => this.find(context, name)));
      return { entries: found.flat(), slow: undefined };
    }
  }

  /** Every entry of that name. An empty list proves nothing: see `isGone`. */
  async find(context: RequestContext, name: string): Promise<JsonObject[]> {
    return (await this.query(context, { [this.type.key]: name })).entries;
  }

  /**
   * Whether there is certainly no entry of that name. Without its database the policies system answers an empty list, at
   * once or late. So nothing found counts only where the same answer has another entry, which was asked for with it: one
   * that is there, or a canary put there for this.
   *
   * @throws Outage if that cannot be told
   */
  async isGone(context: RequestContext, name: string): Promise<boolean> {
    for (let proof = 1; proof <= PROOFS; proof++) {
      const witness = proof === 1 ? await this.anotherThan(context, name) : undefined;
      const gone = await (witness === undefined
        ? this.withCanary(context, (canary) => this.isMissingBeside(context, name, canary))
        : this.isMissingBeside(context, name, witness));
      if (gone !== undefined) return gone;
    }
    throw this.service.outageOf('finds entries at one time and not at another: nothing is concluded from that');
  }

  /** Not repeated when its answer is lost: that could store two. */
  async insert(context: RequestContext, entry: JsonObject): Promise<void> {
    await this.send(context, { method: 'POST', path: this.type.path, body: entry, repeatable: false });
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
    return `${this.type.path}/${encodeURIComponent(name)}`;
  }

  /** The name of any other entry, if there is one that can be read. */
  private async anotherThan(context: RequestContext, name: string): Promise<string | undefined> {
    const { entries } = await this.query(context, {}).catch((error: unknown) => {
      // One entry of an older release makes all of them unreadable.
      if (error instanceof ResponseError) return { entries: [] };
      throw error;
    });
    const names = entries.map((entry) => entry[this.type.key]);
    return names.find((other): other is string => typeof other === 'string' && other !== name);
  }

  /** @returns undefined if not even the witness is found */
  private async isMissingBeside(context: RequestContext, name: string, witness: string): Promise<boolean | undefined> {
    const { entries, slow } = await this.query(context, { [this.type.key]: { $in: [name, witness] } });
    const names = entries.map((entry) => entry[this.type.key]);
    if (names.includes(name)) return false;
    if (slow) throw slow;
    return names.includes(witness) ? true : undefined;
  }

  private async withCanary<T>(context: RequestContext, look: (name: string) => Promise<T>): Promise<T> {
    const { name, entry } = this.type.canary();
    context.status(`${this.service.name} shows no entry at all: making sure that it would, with one of ours`);
    try {
      await this.insert(context, entry);
    } catch (error) {
      if (!(error instanceof ResponseError)) throw error;
      throw this.service.outageOf(
        `finds no entry at all and stores none (${error.reason}), as without its database: nothing is concluded from that`,
      );
    }
    try {
      return await look(name);
    } finally {
      // What cannot be removed now says itself that it may go.
      await this.send(context, { method: 'DELETE', path: this.pathOf(name), repeatable: true }).catch(() => undefined);
    }
  }

  private async query(context: RequestContext, filter: JsonObject): Promise<{ entries: JsonObject[]; slow?: Outage }> {
    const request = { method: 'POST', path: `${this.type.path}/query`, body: filter, repeatable: true } as const;
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
    const reason = reasonIn(body) ?? JSON.stringify(body);
    const [, field] = /^'(\w+)'$/.exec(reason) ?? [];
    // Python's KeyError names nothing but the key.
    const told = field !== undefined && path.endsWith('/query') ? `, as an entry that it stores has no ${field}` : '';
    throw this.service.failure(`${method} ${path}`, status, `success: false, ${reason}${told}`);
  }
}
