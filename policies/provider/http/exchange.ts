import http from 'node:http';
import https from 'node:https';
import type { Connection } from './endpoint';

interface RawRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query, encoded. */
  path: string;
  headers: Record<string, string | number>;
  content: Buffer | undefined;
  /** Milliseconds for all of it, from connecting to the answer's last byte. */
  timeoutMs: number;
  /** Reuses a connection; one of its own may reach another process behind the same address. */
  keepAlive: boolean;
  signal: AbortSignal;
}

export interface RawAnswer {
  status: number;
  text: string;
  milliseconds: number;
}

interface Circumstances {
  /** The service may have seen the request and done what it says. */
  readonly sent: boolean;
  /** Trying again is pointless: the other side is not who it should be. */
  readonly final?: boolean;
  /** The time given to it is up. */
  readonly timedOut?: boolean;
  /** Nobody is there: the connection was refused or cut off, or the API server knows of no process to connect to. */
  readonly nobody?: boolean;
}

/** No answer. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly sent: boolean;
  readonly final: boolean;
  readonly timedOut: boolean;
  readonly nobody: boolean;

  constructor(message: string, { sent, final = false, timedOut = false, nobody = false }: Circumstances) {
    super(message);
    this.sent = sent;
    this.final = final || timedOut;
    this.timedOut = timedOut;
    this.nobody = nobody;
  }

  /** This error, where another attempt ran out of time and may have been heard. */
  withoutTimeLeft(): ConnectionError {
    return new ConnectionError(this.message, { sent: true, timedOut: true, nobody: this.nobody });
  }
}

const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
const causes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the connection was cut off',
  EPIPE: 'the connection was cut off',
  ENOTFOUND: 'there is no such host name',
  EAI_AGAIN: 'its host name cannot be looked up now',
  EHOSTUNREACH: 'its host cannot be reached',
  ENETUNREACH: 'its network cannot be reached',
  ETIMEDOUT: 'its host does not answer',
};
const UNTRUSTED = /CERT|ERR_TLS|UNABLE_TO/;

const agents = {
  http: new http.Agent({ keepAlive: true }),
  https: new https.Agent({ keepAlive: true }),
};

/**
 * One HTTP request and its answer, whatever its status.
 *
 * @throws ConnectionError if there is no answer; the signal's reason if it was aborted
 */
export function exchange({ secure, options, via }: Connection, request: RawRequest): Promise<RawAnswer> {
  const { signal, timeoutMs, content } = request;
  signal.throwIfAborted();
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const sending = (secure ? https : http).request({
      ...options,
      agent: options.agent ?? (request.keepAlive ? agents[secure ? 'https' : 'http'] : false),
      method: request.method,
      path: `${via?.root ?? ''}${request.path}`,
      headers: { ...(options.headers as http.OutgoingHttpHeaders), ...request.headers },
    });
    const timer = setTimeout(() => {
      sending.destroy(
        new ConnectionError(`no answer within ${seconds(timeoutMs)} s${via ? `, asked through ${via.name}` : ''}`, {
          sent: true,
          timedOut: true,
        }),
      );
    }, timeoutMs);
    const abort = () => sending.destroy(new Error('cancelled'));
    signal.addEventListener('abort', abort, { once: true });
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    const fail = (error: Error) => {
      end();
      reject(signal.aborted ? (signal.reason as Error) : connectionErrorOf(error, via));
    };
    sending.on('error', fail).on('response', (response) => {
      const chunks: Buffer[] = [];
      response
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('error', fail)
        .on('end', () => {
          end();
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: response.statusCode ?? 0, text, milliseconds: performance.now() - started });
        });
    });
    sending.end(content);
  });
}

function connectionErrorOf(error: Error, via: Connection['via']): ConnectionError {
  if (error instanceof ConnectionError) return error;
  // An error of several addresses (IPv6, IPv4) has a code and no message.
  const { code = '' } = error as NodeJS.ErrnoException;
  if (via) {
    const circumstances = { sent: !neverSent.has(code) && !UNTRUSTED.test(code), final: UNTRUSTED.test(code) };
    return new ConnectionError(`${via.name} is not reached: ${via.problem(error)}`, circumstances);
  }
  if (UNTRUSTED.test(code)) {
    return new ConnectionError(
      `its certificate cannot be trusted (${code}); ca of the endpoint must hold the certificate of who signed it`,
      { sent: false, final: true },
    );
  }
  const nobody = code === 'ECONNREFUSED' || code === 'ECONNRESET';
  return new ConnectionError(`${causes[code] ?? 'the connection failed'} (${code || 'no reason given'})`, {
    sent: !neverSent.has(code),
    nobody,
  });
}

export const seconds = (milliseconds: number) => Math.round(milliseconds / 100) / 10;
