import http from 'node:http';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClusterAccessError } from './errors';
import { onAbort } from './on-abort';
import { ApiError, InterruptedError, type UnreachableError, isPassing } from './api-error';
import { ApiServer } from './api-server';
import { ForeignAnswerError, SilenceError, isSilence } from './connection-problem';
import type { Authorization } from './credentials';
import { type Json, type JsonMap, isJsonMap } from './json';
import type { Target } from './kubeconfig';

export interface ApiMessage {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** From the root of the server, without a query. */
  path: string;
  query?: Record<string, string>;
  body?: JsonMap | Json[];
  /** Default `application/json`. */
  contentType?: string;
  /** Ends the waiting. What changes something is waited for a little longer, so that its outcome is known. */
  signal?: AbortSignal;
}

export interface ApiRequest extends ApiMessage {
  /** Whether sending it twice does no harm: then it is sent again if its answer gets lost. */
  repeatable: boolean;
  /** How often a passing failure is answered by another attempt; default 4. */
  retries?: number;
}

export interface ApiResponse {
  /** HTTP status: 200, or 201 where something was created. */
  code: number;
  body: JsonMap;
  /** How often it was sent: after a lost answer, more than once. */
  attempts: number;
}

/** A server's answer that is no success, with the header that says when to come again. */
interface Failure {
  error: ApiError;
  retryAfterSeconds: number;
}

/** A request without an answer. */
interface Loss {
  error: UnreachableError;
  /** The server may have seen it. */
  sent: boolean;
  /** It was waited for as long as ever: once more would take as long. */
  silent: boolean;
}

interface RawAnswer {
  code: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

const USER_AGENT = 'aios-network';
const MAX_SOCKETS = 32;
const MAX_DELAY = 5_000;
const ABORT_GRACE = 5_000;
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** Speaks HTTP to one API server: few connections that are kept, JSON as it is, retries where they are safe. */
export class ApiClient {
  private readonly api: ApiServer;
  private agent: Promise<http.Agent> | undefined;
  private hasAnswered = false;
  /** How the first request ended, if there was never an answer: the others need not wait as long. */
  private silence: UnreachableError | undefined;

  /**
   * Reads the target's credentials; nothing is sent yet.
   * @param timeoutSeconds for one request
   * @throws ClusterAccessError if the kubeconfig is of no use
   */
  constructor(
    target: Target,
    private readonly timeoutSeconds: number,
  ) {
    this.api = new ApiServer(target);
  }

  /** The API server's URL. */
  get server(): string {
    return this.api.url;
  }

  /**
   * Sends once, whatever comes back, and whatever came before: for who waits until a server is there.
   * @throws UnreachableError for no answer
   */
  async exchange(message: ApiMessage): Promise<{ code: number; body: JsonMap }> {
    const { code, text } = await this.send(message).catch((error: unknown) => {
      throw this.lossOf(error, message).error;
    });
    return { code, body: parseBody(text) ?? {} };
  }

  /**
   * The lines of an answer as they come, for watches.
   * @throws ApiError for an answer that is no success, UnreachableError for none
   */
  async *lines(message: ApiMessage): AsyncGenerator<string> {
    try {
      const response = await this.open(message);
      const { statusCode: code = 0 } = response;
      if (code >= 300) throw errorOf(code, await textOf(response));
      yield* linesOf(response);
    } catch (error) {
      throw error instanceof ApiError ? error : this.lossOf(error, message).error;
    }
  }

  /**
   * @throws ApiError for an answer that is no success, UnreachableError for none, InterruptedError once the signal is aborted
   */
  async request(request: ApiRequest): Promise<ApiResponse> {
    const retries = request.retries ?? 4;
    const { signal } = request;
    let renewed = false;
    for (let attempt = 1; ; attempt++) {
      if (signal?.aborted) throw new InterruptedError();
      const outcome = await this.attempt(request).catch((error: unknown) => this.lossOf(error, request));
      if ('code' in outcome) return { ...outcome, attempts: attempt };
      if (outcome.error instanceof ApiError && outcome.error.code === 401 && !renewed && this.api.renew()) {
        renewed = true;
        continue;
      }
      if (attempt > retries || !this.mayRepeat(request, outcome)) throw outcome.error;
      await sleep(delay(attempt, outcome), undefined, signal && { signal }).catch(() => undefined);
    }
  }

  close(): void {
    void this.agent?.then((agent) => agent.destroy());
  }

  private mayRepeat(request: ApiRequest, outcome: Failure | Loss): boolean {
    if ('sent' in outcome) return !outcome.silent && (request.repeatable || !outcome.sent);
    // 429 says that the request was turned away before it was looked at.
    return outcome.error.code === 429 || (request.repeatable && isPassing(outcome.error));
  }

  private async attempt(message: ApiMessage): Promise<Omit<ApiResponse, 'attempts'> | Failure> {
    if (this.silence && !this.hasAnswered) throw this.silence;
    const { code, headers, text } = await this.send(message);
    if (code >= 300) return { error: errorOf(code, text), retryAfterSeconds: Number(headers['retry-after'] ?? 0) };
    const body = parseBody(text);
    if (!body) throw new ForeignAnswerError(code);
    return { code, body };
  }

  private async send(message: ApiMessage): Promise<RawAnswer> {
    const response = await this.open(message);
    response.setTimeout(this.timeoutSeconds * 1000, () => response.destroy(new SilenceError(this.timeoutSeconds)));
    return { code: response.statusCode ?? 0, headers: response.headers, text: await textOf(response) };
  }

  /** Sends a message; resolves with the answer's head. */
  private async open(message: ApiMessage): Promise<http.IncomingMessage> {
    const { headers, ...authorization } = await unlessAborted(this.api.authorize(), message.signal);
    const query = new URLSearchParams(message.query).toString();
    const payload = message.body === undefined ? undefined : Buffer.from(JSON.stringify(message.body));
    const contentType = message.contentType ?? 'application/json';
    const response = await this.dispatch(message, `${this.server}${message.path}${query && `?${query}`}`, payload, {
      ...authorization,
      method: message.method,
      agent: await (this.agent ??= this.api.agent({ maxSockets: MAX_SOCKETS, timeout: this.timeoutSeconds * 1000 })),
      headers: {
        ...headers,
        Accept: 'application/json',
        'User-Agent': USER_AGENT,
        ...(payload && { 'Content-Type': contentType, 'Content-Length': payload.length }),
      },
    });
    this.hasAnswered = true;
    return response;
  }

  private dispatch(
    { method, query, signal }: ApiMessage,
    url: string,
    payload: Buffer | undefined,
    options: https.RequestOptions,
  ): Promise<http.IncomingMessage> {
    const grace = method === 'GET' || query?.dryRun !== undefined ? 0 : ABORT_GRACE;
    return new Promise((resolve, reject) => {
      const sending = (this.api.isSecure ? https : http).request(url, options, resolve);
      let timer: NodeJS.Timeout | undefined;
      const giveUpAfter = (milliseconds: number, error: Error) => {
        clearTimeout(timer);
        timer = setTimeout(() => sending.destroy(error), milliseconds);
      };
      const forget = signal && onAbort(signal, () => giveUpAfter(grace, new InterruptedError()));
      sending
        // From when its turn has come: a socket's own timer begins only once it is connected.
        .on('socket', () => giveUpAfter(this.timeoutSeconds * 1000, new SilenceError(this.timeoutSeconds)))
        .on('response', () => clearTimeout(timer))
        .on('close', () => {
          clearTimeout(timer);
          forget?.();
        })
        .on('error', reject)
        .end(payload);
    });
  }

  private lossOf(error: unknown, { signal }: ApiMessage): Loss {
    if (signal?.aborted) throw new InterruptedError();
    if (error === this.silence && this.silence) return { error: this.silence, sent: false, silent: true };
    if (error instanceof ClusterAccessError) throw error;
    const { code = '' } = error as NodeJS.ErrnoException;
    const unreachable = this.api.unreachable(error);
    const silent = isSilence(error);
    if (silent && !this.hasAnswered) this.silence = unreachable;
    return { error: unreachable, sent: !neverSent.has(code), silent };
  }
}

/** A login program may run for long. */
function unlessAborted(authorizing: Promise<Authorization>, signal: AbortSignal | undefined): Promise<Authorization> {
  if (!signal) return authorizing;
  return new Promise((resolve, reject) => {
    const forget = onAbort(signal, () => reject(new InterruptedError()));
    authorizing.then(resolve, reject).finally(forget);
  });
}

async function textOf(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function* linesOf(response: http.IncomingMessage): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of response.setEncoding('utf8')) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  // An answer that is no watch has one line: an error.
  if (rest !== '') yield rest;
}

/** Undefined for what is no JSON object: proxies in between answer in HTML. */
function parseBody(text: string): JsonMap | undefined {
  try {
    const body = JSON.parse(text) as Json;
    return isJsonMap(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

const errorOf = (code: number, text: string) =>
  new ApiError(code, parseBody(text) ?? { message: new ForeignAnswerError(code).message });

function delay(attempt: number, outcome: Failure | Loss): number {
  const asked = 'retryAfterSeconds' in outcome ? outcome.retryAfterSeconds * 1000 : 0;
  const backoff = 100 * 2 ** attempt * (0.75 + Math.random() / 2);
  return Math.min(MAX_DELAY, Math.max(asked, backoff));
}
