import { setTimeout as sleep } from 'node:timers/promises';
import http from 'node:http';
import https from 'node:https';
import { UserError } from '../errors';
import { Json, JsonMap, isJsonMap, textAt } from './json';
import { ApiError, UnreachableError, isPassing } from './api-error';
import { Credentials, readCredentials } from './credentials';
import { Target } from './kubeconfig';

export interface ApiMessage {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** From the root of the server, without a query. */
  path: string;
  query?: Record<string, string>;
  body?: JsonMap | Json[];
  /** Default `application/json`. */
  contentType?: string;
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

const userAgent = 'aios-embedded';
const maxSockets = 32;
const maxDelay = 5_000;
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** Speaks HTTP to one API server: few connections that are kept, JSON as it is, retries where they are safe. */
export class ApiClient {
  readonly server: string;
  private readonly agent: http.Agent;

  private readonly context: string;
  private readonly credentials: Credentials;
  private readonly timeoutMilliseconds: number;

  /**
   * Reads the target's credentials; nothing is sent yet.
   * @param timeoutSeconds for one request
   * @throws UserError if the kubeconfig is of no use
   */
  constructor(target: Target, timeoutSeconds: number) {
    const { name, settings } = target.cluster;
    this.server = textAt(settings, 'server').replace(/\/+$/, '');
    if (!URL.canParse(this.server)) {
      throw new UserError(`kubeconfig cluster "${name}": server "${this.server}" is not a URL`);
    }
    this.context = target.context;
    this.timeoutMilliseconds = timeoutSeconds * 1000;
    this.credentials = readCredentials(target);
    const options = { keepAlive: true, maxSockets };
    this.agent = this.isSecure() ? new https.Agent({ ...this.credentials.tls, ...options }) : new http.Agent(options);
  }

  /**
   * Sends once, whatever comes back.
   * @throws UnreachableError for no answer
   */
  async exchange(request: ApiMessage): Promise<{ code: number; body: JsonMap }> {
    const { code, text } = await this.send(request).catch((error: unknown) => {
      throw this.describeLoss(error).error;
    });
    return { code, body: parseBody(text, code) };
  }

  /**
   * The lines of an answer as they come, for watches.
   * @throws ApiError for an answer that is no success, UnreachableError for none
   */
  async *lines(request: ApiMessage): AsyncGenerator<string> {
    try {
      const response = await this.open(request);
      const { statusCode: code = 0 } = response;
      if (code >= 300) throw new ApiError(code, parseBody(await textOf(response), code));
      yield* linesOf(response);
    } catch (error) {
      throw error instanceof ApiError ? error : this.describeLoss(error).error;
    }
  }

  /**
   * @throws ApiError for an answer that is no success, UnreachableError for none
   */
  async request(request: ApiRequest): Promise<ApiResponse> {
    const retries = request.retries ?? 4;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.attempt(request).catch((error: unknown) => this.describeLoss(error));
      if ('code' in outcome) return { ...outcome, attempts: attempt };
      request.signal?.throwIfAborted();
      if (attempt > retries || !this.mayRepeat(request, outcome)) throw outcome.error;
      await sleep(delay(attempt, outcome), undefined, request.signal && { signal: request.signal });
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private isSecure(): boolean {
    return this.server.startsWith('https:');
  }

  private mayRepeat(request: ApiRequest, outcome: Failure | Loss): boolean {
    if ('sent' in outcome) return request.repeatable || !outcome.sent;
    // 429 says that the request was turned away before it was looked at.
    return outcome.error.code === 429 || (request.repeatable && isPassing(outcome.error));
  }

  private async attempt(request: ApiRequest): Promise<Omit<ApiResponse, 'attempts'> | Failure> {
    const { code, headers, text } = await this.send(request);
    const body = parseBody(text, code);
    if (code < 300) return { code, body };
    return { error: new ApiError(code, body), retryAfterSeconds: Number(headers['retry-after'] ?? 0) };
  }

  private async send(request: ApiMessage): Promise<RawAnswer> {
    const response = await this.open(request);
    const giveUp = () => response.destroy(new Error(`half an answer for ${this.timeoutMilliseconds / 1000} s`));
    response.setTimeout(this.timeoutMilliseconds, giveUp);
    return { code: response.statusCode ?? 0, headers: response.headers, text: await textOf(response) };
  }

  /** Sends a request; resolves with the answer's head. */
  private async open(request: ApiMessage): Promise<http.IncomingMessage> {
    const { headers, ...authorization } = await this.credentials.authorize();
    const query = new URLSearchParams(request.query).toString();
    const url = `${this.server}${request.path}${query && `?${query}`}`;
    const payload = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
    const options: https.RequestOptions = {
      ...authorization,
      method: request.method,
      agent: this.agent,
      headers: {
        ...headers,
        Accept: 'application/json',
        'User-Agent': userAgent,
        ...(payload && { 'Content-Type': request.contentType ?? 'application/json', 'Content-Length': payload.length }),
      },
      ...(request.signal && { signal: request.signal }),
    };
    return new Promise((resolve, reject) => {
      const sending = (this.isSecure() ? https : http).request(url, options, resolve);
      // The socket's own timer begins only once it is connected.
      const giveUp = () => sending.destroy(new Error(`no answer for ${this.timeoutMilliseconds / 1000} s`));
      const timer = setTimeout(giveUp, this.timeoutMilliseconds);
      sending.on('response', () => clearTimeout(timer)).on('close', () => clearTimeout(timer));
      sending.on('error', reject);
      sending.end(payload);
    });
  }

  private describeLoss(error: unknown): Loss {
    if (error instanceof UserError || error instanceof SyntaxError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    return { error: new UnreachableError(this.server, this.context, message), sent: !neverSent.has(code ?? '') };
  }
}

interface RawAnswer {
  code: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

/** A request without an answer. */
interface Loss {
  error: UnreachableError;
  /** The server may have seen it. */
  sent: boolean;
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

/** Proxies in between answer in HTML. */
function parseBody(text: string, code: number): JsonMap {
  try {
    const body = JSON.parse(text) as Json;
    return isJsonMap(body) ? body : {};
  } catch {
    return { message: `HTTP ${code}: ${text.slice(0, 200).trim()}` };
  }
}

function delay(attempt: number, outcome: Failure | Loss): number {
  const asked = 'retryAfterSeconds' in outcome ? outcome.retryAfterSeconds * 1000 : 0;
  const backoff = 100 * 2 ** attempt * (0.75 + Math.random() / 2);
  return Math.min(maxDelay, Math.max(asked, backoff));
}
