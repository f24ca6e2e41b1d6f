import http from 'node:http';
import https from 'node:https';
import type { Connection } from './endpoint';

export interface RawRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query, encoded. */
  path: string;
  headers: Record<string, string | number>;
  content: Buffer | undefined;
  /** Milliseconds for all of it, from connecting to the answer's last byte. */
  patience: number;
  /** Reuses a connection; one of its own may reach another process behind the same address. */
  keepAlive: boolean;
  signal: AbortSignal;
}

export interface RawAnswer {
  status: number;
  text: string;
  milliseconds: number;
}

/** No answer. */
export class Loss extends Error {
  override readonly name = 'Loss';
  constructor(
    message: string,
    /** The service may have seen the request and done what it says. */
    readonly sent: boolean,
    /** Trying again is pointless: time is up, or the other side is not who it should be. */
    readonly final: boolean,
    /** Nobody is there: the connection was refused or cut off, or the API server knows of no process to connect to. */
    readonly nobody = false,
  ) {
    super(message);
  }
}

const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
const untrusted = /CERT|ERR_TLS|UNABLE_TO/;

const agents = {
  http: new http.Agent({ keepAlive: true }),
  https: new https.Agent({ keepAlive: true }),
};

/**
 * One HTTP request and its answer, whatever its status.
 *
 * @throws Loss if there is no answer; the signal's reason if it was aborted
 */
export function exchange({ secure, options }: Connection, request: RawRequest): Promise<RawAnswer> {
  const { signal, patience, content } = request;
  signal.throwIfAborted();
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const sending = (secure ? https : http).request({
      ...options,
      agent: options.agent ?? (request.keepAlive ? agents[secure ? 'https' : 'http'] : false),
      method: request.method,
      path: request.path,
      headers: { ...(options.headers as http.OutgoingHttpHeaders), ...request.headers },
    });
    const timer = setTimeout(() => {
      sending.destroy(new Loss(`no answer within ${seconds(patience)} s`, true, true));
    }, patience);
    const abort = () => sending.destroy(new Error('cancelled'));
    signal.addEventListener('abort', abort, { once: true });
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    const fail = (error: Error) => {
      end();
      reject(signal.aborted ? (signal.reason as Error) : lossOf(error));
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

function lossOf(error: Error): Loss {
  if (error instanceof Loss) return error;
  const { code = '' } = error as NodeJS.ErrnoException;
  if (untrusted.test(code)) {
    return new Loss(`${error.message}; ca of the endpoint must hold the certificate of who signed it`, false, true);
  }
  // An error of several addresses (IPv6, IPv4) has no message of its own.
  const nobody = code === 'ECONNREFUSED' || code === 'ECONNRESET';
  return new Loss(error.message || code, !neverSent.has(code), false, nobody);
}

export const seconds = (milliseconds: number) => Math.round(milliseconds / 100) / 10;
