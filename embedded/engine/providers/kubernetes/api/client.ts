import { setTimeout as sleep } from 'node:timers/promises';
import http from 'node:http';
import https from 'node:https';
import { UserError } from '../../../../shared/errors';
import { Json, JsonMap, isJsonMap, textAt } from '../json';
import { ApiError, UnreachableError, isPassing } from './api-error';
import { Credentials, readCredentials } from './credentials';
import { Target } from './kubeconfig';

export interface ApiRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** From the root of the server, without a query. */
  path: string;
  query?: Record<string, string>;
  body?: JsonMap | Json[];
  /** Default `application/json`. */
  contentType?: string;
  /** Whether sending it twice does no harm: then it is sent again if its answer gets lost. */
  repeatable: boolean;
  /** How often a passing failure is answered by another attempt; default 4. */
  retries?: number;
  signal?: AbortSignal;
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

const maxSockets = 32;
const maxDelay = 5_000;
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** Speaks HTTP to one API server: few connections that are kept, JSON as it is, retries where they are safe. */
export class ApiClient {
  readonly server: string;
  private readonly agent: http.Agent;

  private constructor(
    private readonly context: string,
    target: Target,
    private readonly credentials: Credentials,
    private readonly timeoutMilliseconds: number,
  ) {
    this.server = textAt(target.cluster.settings, 'server').replace(/\/+$/, '');
    const options = { keepAlive: true, maxSockets };
    this.agent = this.isSecure() ? new https.Agent({ ...credentials.tls, ...options }) : new http.Agent(options);
  }

  /** Reads the target's credentials; nothing is sent yet. */
  static async connect(target: Target, timeoutSeconds: number): Promise<ApiClient> {
    const server = textAt(target.cluster.settings, 'server');
    if (!URL.canParse(server)) {
      throw new UserError(`kubeconfig cluster "${target.cluster.name}": server "${server}" is not a URL`);
    }
    return new ApiClient(target.context, target, await readCredentials(target), timeoutSeconds * 1000);
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
    const { headers, ...authorization } = await this.credentials.authorize();
    const { code, headers: answered, text } = await this.send(request, { ...authorization, headers: { ...headers } });
    const body = parseBody(text, code);
    if (code < 300) return { code, body };
    return { error: new ApiError(code, body), retryAfterSeconds: Number(answered['retry-after'] ?? 0) };
  }

  private send(request: ApiRequest, authorization: https.RequestOptions): Promise<RawAnswer> {
    const query = new URLSearchParams(request.query).toString();
    const url = `${this.server}${request.path}${query && `?${query}`}`;
    const payload = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
    const options: https.RequestOptions = {
      ...authorization,
      method: request.method,
      agent: this.agent,
      headers: {
        ...(authorization.headers as http.OutgoingHttpHeaders),
        Accept: 'application/json',
        'User-Agent': 'aios-embedded-engine',
        ...(payload && { 'Content-Type': request.contentType ?? 'application/json', 'Content-Length': payload.length }),
      },
      ...(request.signal && { signal: request.signal }),
    };
    return new Promise((resolve, reject) => {
      const sending = (this.isSecure() ? https : http).request(url, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ code: response.statusCode ?? 0, headers: response.headers, text });
        });
      });
      sending.setTimeout(this.timeoutMilliseconds, () => {
        sending.destroy(new Error(`no answer for ${this.timeoutMilliseconds / 1000} s`));
      });
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
