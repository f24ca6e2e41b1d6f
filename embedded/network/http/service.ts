import { setMaxListeners } from 'node:events';
import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { errorPage, json, type Answer } from './answer';
import { Faults, type Fault, type RequestLine } from './faults';
import { turnAway } from './guard';
import { matchRoute, type Call, type Route } from './route';

/** A request that a service has answered. */
export interface LoggedRequest extends RequestLine {
  /** Parsed where it is JSON, else absent. */
  readonly body?: unknown;
  /** 0: the connection was closed without an answer. */
  readonly status: number;
}

export interface ServiceOptions {
  /** What every request has to bring. */
  readonly token: string;
  /** The routes, asked anew for each request; undefined closes the connection, as without a process behind it. */
  readonly routes: () => readonly Route[] | undefined;
  /** What it is written in: how it words statuses, and whether it decodes a path before it splits it (Flask does). */
  readonly framework: 'flask' | 'express';
  /** Default: whether it is Flask. */
  readonly decodeFirst?: boolean;
  /** The answer to any call without the database. Default: the service needs none, an outage does nothing. */
  readonly outageAnswer?: (request: RequestLine) => Answer;
  /** What the usual call takes, in milliseconds. */
  readonly usualLatency: number;
  /** Multiplies every simulated duration. */
  readonly timeScale: number;
  /** Whether the latest requests are kept, bodies included. */
  readonly keepsRequests: boolean;
  /** Called before an answer leaves: what was changed must be on disk by then. */
  readonly beforeAnswer?: () => Promise<void>;
  readonly onRequest?: (request: LoggedRequest) => void;
}

/** How long a call waits for a database that is gone, in milliseconds (MongoDB's server selection timeout). */
const DATABASE_PATIENCE = 30_000;

/** The largest body that is taken, in bytes. */
const largestBody = 32 * 1024 * 1024;

/** Requests that a log keeps. */
const LOG_LENGTH = 10_000;

/** One HTTP service on a loopback port. */
export class HttpService {
  readonly faults = new Faults();
  /** The latest requests, oldest first, if they are kept. */
  readonly requests: LoggedRequest[] = [];
  private readonly server: Server;
  private readonly closing = new AbortController();
  private port = 0;

  constructor(private readonly options: ServiceOptions) {
    setMaxListeners(0, this.closing.signal); // one for each request under way
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  /**
   * @param port 0: any
   * @returns the base URL
   */
  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject).listen({ port, host: '127.0.0.1' }, resolve);
    });
    this.port = (this.server.address() as AddressInfo).port;
    return `http://127.0.0.1:${this.port}`;
  }

  /** Ends all connections, whatever is under way on them. */
  async close(): Promise<void> {
    this.closing.abort();
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const line: RequestLine = {
      method: request.method ?? 'GET',
      path: rawPath(request.url),
      query: url.search.slice(1),
    };
    try {
      const refusal = turnAway(request, { token: this.options.token, port: this.port });
      if (refusal) {
        this.log(line, Buffer.alloc(0), refusal.status);
        respond(response.setHeader('connection', 'close'), refusal);
        return;
      }
      const content = await readAll(request);
      const answer = await this.answer(line, content, request, this.faults.hit(line));
      this.log(line, content, answer?.status ?? 0);
      if (!answer) response.destroy();
      else respond(response, answer, this.options.framework === 'flask');
    } catch {
      response.destroy(); // the client has gone, or the service is being closed
    }
  }

  /** @returns undefined if the connection is to be closed without an answer */
  private async answer(
    line: RequestLine,
    content: Buffer,
    request: IncomingMessage,
    faults: readonly Fault[],
  ): Promise<Answer | undefined> {
    await this.pause(this.options.usualLatency);
    for (const fault of faults) {
      if (fault.kind === 'latency') await this.pause(fault.milliseconds);
      if (fault.kind === 'drop' && fault.when === 'before') return undefined;
      if (fault.kind === 'answer') return json(fault.body, fault.status);
      if (fault.kind === 'outage' && this.options.outageAnswer) {
        if (!fault.prompt) await this.pause(DATABASE_PATIENCE);
        return this.options.outageAnswer(line);
      }
    }
    const answer = await this.dispatch(line, content, request);
    await this.options.beforeAnswer?.();
    if (faults.some(({ kind }) => kind === 'drop')) return undefined;
    const isGarbled = faults.some(({ kind }) => kind === 'invalid json');
    return answer && isGarbled ? { status: 200, contentType: 'application/json', body: '{"success": tru' } : answer;
  }

  private async dispatch(line: RequestLine, content: Buffer, request: IncomingMessage): Promise<Answer | undefined> {
    const routes = this.options.routes();
    if (!routes) return undefined;
    const { framework, decodeFirst = framework === 'flask' } = this.options;
    const match = matchRoute(routes, line.method, line.path, decodeFirst);
    if (match.kind === 'wrong method') return errorPage(405, 'Method Not Allowed');
    if (match.kind === 'not found') return errorPage(404, 'Not Found');
    const call: Call = {
      ...line,
      parameters: match.parameters,
      query: new URLSearchParams(line.query),
      content,
      contentType: request.headers['content-type'] ?? '',
      json: () => parseJson(content, request.headers['content-type']),
    };
    try {
      return await match.route.handle(call);
    } catch (error) {
      return errorPage(500, error instanceof Error ? error.message : 'Internal Server Error');
    }
  }

  private async pause(milliseconds: number): Promise<void> {
    const scaled = milliseconds * this.options.timeScale;
    if (scaled > 0) await delay(scaled, undefined, { signal: this.closing.signal });
  }

  private log(line: RequestLine, content: Buffer, status: number): void {
    const entry = { ...line, ...parsedBody(content), status };
    if (this.options.keepsRequests) this.requests.push(entry);
    if (this.requests.length > LOG_LENGTH) this.requests.shift();
    this.options.onRequest?.(entry);
  }
}

/** `new URL` would resolve `..`; a server sees the path as it was sent. */
function rawPath(target = '/'): string {
  return target.split('?')[0] ?? '/';
}

/** @param isLoud Flask's development server has its reason phrases in capitals, and its clients quote them */
function respond(response: ServerResponse, { status, contentType, body }: Answer, isLoud = false): void {
  const phrase = STATUS_CODES[status] ?? '';
  const headers = { 'content-type': contentType, 'x-content-type-options': 'nosniff' };
  response.writeHead(status, isLoud ? phrase.toUpperCase() : phrase, headers).end(body);
}

/** @throws Error if there is more than any caller has reason to send */
async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) throw new Error(`more than ${largestBody} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseJson(content: Buffer, contentType = ''): unknown {
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(contentType)) {
    throw new Error(
      "415 Unsupported Media Type: Did not attempt to load JSON data because the request Content-Type was not 'application/json'.",
    );
  }
  try {
    return JSON.parse(content.toString('utf8')) as unknown;
  } catch {
    throw new Error('400 Bad Request: The browser (or proxy) sent a request that this server could not understand.');
  }
}

function parsedBody(content: Buffer): { body?: unknown } {
  try {
    return { body: JSON.parse(content.toString('utf8')) as unknown };
  } catch {
    return {};
  }
}
