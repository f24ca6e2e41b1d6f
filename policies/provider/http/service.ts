import { ResponseError, Outage, excerpt } from '../errors';
import { type Json, isJsonObject, parseJson } from '../wire/value';
import { apiServerFailure } from './api-server';
import type { Route } from './endpoint';
import { ConnectionError, type RawAnswer, exchange, seconds } from './exchange';
import type { Semaphore } from './semaphore';
import { pause } from './pause';
import type { Timing } from './timing';

/** Who waits for an answer. */
export interface RequestContext {
  signal: AbortSignal;
  /** Shows what is waited for; the latest message wins. */
  status(message: string): void;
}

export interface Request {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query, encoded. */
  path: string;
  body?: Json | Buffer;
  /**
   * Sending it twice does no harm, so it is sent again if its answer gets lost. Any request is, if it certainly never
   * arrived.
   */
  repeatable: boolean;
  /** On a connection of its own, so that another process behind the address may answer. */
  ownConnection?: boolean;
  /** Milliseconds; default: the timing's. */
  timeoutMs?: number;
}

export interface Answer {
  /** Below 400. */
  status: number;
  body: Json;
  milliseconds: number;
}

const LONGEST_PAUSE = 2_000;

/** One of the network's HTTP services. */
export class Service {
  constructor(
    /** As messages call it: "the gateway". */
    readonly name: string,
    private readonly route: Route,
    private readonly semaphore: Semaphore,
    readonly timing: Timing,
  ) {}

  /**
   * @throws ResponseError for an answer that is an HTTP error; Outage for none, or one that cannot be read;
   *   the signal's reason when it is aborted
   */
  async request(context: RequestContext, request: Request): Promise<Answer> {
    const timeoutMs = request.timeoutMs ?? this.timing.timeoutMs;
    let deadline = Infinity;
    let before: ConnectionError | undefined;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.semaphore.run(async () => {
        deadline = Math.min(deadline, performance.now() + timeoutMs);
        const left = Math.max(1, deadline - performance.now());
        return this.attempt(context, request, left).catch((error: unknown) => asConnectionError(error));
      });
      if (!(outcome instanceof ConnectionError)) return outcome;
      // What was left of the time was too little to try again: why the attempts before failed says more.
      const failure = outcome.timedOut && before ? before.withoutTimeLeft() : outcome;
      before = failure;
      const wait = Math.min(LONGEST_PAUSE, this.timing.backoffMs * 2 ** (attempt - 1) * (0.75 + Math.random() / 2));
      const mayRepeat = !failure.final && (request.repeatable || !failure.sent);
      // An attempt that has no time would only hide why the others failed.
      const hasTime = performance.now() + wait + timeoutMs / 10 < deadline;
      if (!mayRepeat || !hasTime) throw this.outage(request, failure, attempt);
      context.status(`waiting for ${this.name} at ${this.route.address}: ${failure.message} (attempt ${attempt})`);
      await pause(wait, context.signal);
    }
  }

  /** An error of this service, for what it answered. */
  failure(what: string, status: number, reason: string): ResponseError {
    return new ResponseError(`${what}: ${this.name} at ${this.route.address} answered ${reason}`, status, reason);
  }

  /** An error that leaves open what the service stores. */
  outageOf(what: string, nobody = false): Outage {
    return new Outage(`${this.name} at ${this.route.address} ${what}`, nobody);
  }

  private async attempt(context: RequestContext, request: Request, timeoutMs: number): Promise<Answer> {
    const started = performance.now();
    const reminder = setInterval(() => {
      const elapsed = seconds(performance.now() - started);
      context.status(`waiting for ${this.name} at ${this.route.address}: no answer for ${elapsed} s`);
    }, this.timing.reminderMs);
    try {
      const answer = await this.send(request, timeoutMs, context.signal);
      const again = answer.status === 401 && (await this.isLoginRenewed(answer));
      return this.read(request, again ? await this.send(request, timeoutMs, context.signal) : answer);
    } finally {
      clearInterval(reminder);
    }
  }

  private async send(request: Request, timeoutMs: number, signal: AbortSignal): Promise<RawAnswer> {
    const { method, path, body, repeatable, ownConnection = false } = request;
    const content = body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
    // A connection that was idle may close under a request: only one that may be repeated should take that risk.
    const keepAlive = repeatable && !ownConnection;
    return exchange(await this.route.connection(keepAlive), {
      method,
      path: `${this.route.prefix}${path}`,
      headers: {
        accept: 'application/json',
        'user-agent': 'aios-network',
        ...(content && {
          'content-type': Buffer.isBuffer(body) ? 'application/gzip' : 'application/json',
          'content-length': content.length,
        }),
      },
      content,
      timeoutMs,
      keepAlive,
      signal,
    });
  }

  /** Whether the API server in between refused a login that can be had anew. */
  private async isLoginRenewed({ text }: RawAnswer): Promise<boolean> {
    const { apiServer, address } = this.route;
    if (!apiServer || !apiServerFailure(parseJson(text), address)) return false;
    return apiServer.renew();
  }

  private read(request: Request, { status, text, milliseconds }: RawAnswer): Answer {
    const body = parseJson(text);
    if (this.route.apiServer) {
      const failure = apiServerFailure(body, this.route.address);
      if (failure) throw failure;
    }
    if (status === 502 || status === 503 || status === 504)
      throw new ConnectionError(`HTTP ${status} ${excerpt(text)}`, { sent: true });
    if (status >= 400) {
      const reason = `HTTP ${status} ${excerpt(text)}`;
      throw this.failure(`${request.method} ${request.path}`, status, reason);
    }
    // What is uploaded is acknowledged in any form.
    if (body === undefined && !Buffer.isBuffer(request.body)) {
      throw new ConnectionError(`what is no JSON: "${excerpt(text)}"`, { sent: true });
    }
    return { status, body: body ?? null, milliseconds };
  }

  private outage({ method, path, repeatable }: Request, failure: ConnectionError, attempts: number): Outage {
    const tried = attempts > 1 ? `, after ${attempts} attempts` : '';
    const unknownOutcome =
      failure.sent && !repeatable
        ? '. Whether it was done is not known: the next run finds out, and goes on from there'
        : '';
    return this.outageOf(
      `gave no answer to ${method} ${path}: ${failure.message}${tried}${unknownOutcome}`,
      failure.nobody,
    );
  }
}

function asConnectionError(error: unknown): ConnectionError {
  if (error instanceof ConnectionError) return error;
  throw error;
}

/** The text in which Flask and Express services report an error. */
export function reasonIn(body: Json): string | undefined {
  if (!isJsonObject(body)) return undefined;
  const reason = body.message ?? body.error ?? body.data;
  return typeof reason === 'string' ? reason : undefined;
}

/** Says that an answer took too long to be believed. */
export function tooSlow({ milliseconds }: Answer, { slowMs }: Timing): string | undefined {
  if (milliseconds <= slowMs) return undefined;
  return `answered only after ${seconds(milliseconds)} s, as it does without its database: nothing is concluded from that`;
}
