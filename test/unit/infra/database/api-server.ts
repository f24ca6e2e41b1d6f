import { EventEmitter } from 'node:events';
import type { RequestOptions } from 'node:https';
import type { PodHost } from '../../../../infra/database/members/types';

/** What the members script asked of an API server. */
export interface Asked {
  method: string | undefined;
  path: string | undefined;
  headers: RequestOptions['headers'];
  body: unknown;
}

/** Stands in for `https`, with an API server that answers each request by `answer`; without one, it is away. */
export function apiServer(answer?: (asked: Asked) => { status: number; body: unknown }): {
  https: PodHost['https'];
  asked: Asked[];
} {
  const asked: Asked[] = [];
  const https = {
    request({ method, path, headers }: RequestOptions, callback: (response: unknown) => void) {
      const request = Object.assign(new EventEmitter(), {
        destroy: (error: Error) => request.emit('error', error),
        end(text?: string) {
          const sent: unknown = text === undefined ? undefined : JSON.parse(text);
          const one = { method: method ?? undefined, path: path ?? undefined, headers, body: sent };
          asked.push(one);
          if (answer === undefined) return void request.emit('timeout');
          const { status, body } = answer(one);
          const response = Object.assign(new EventEmitter(), { statusCode: status });
          callback(response);
          response.emit('data', Buffer.from(JSON.stringify(body)));
          response.emit('end');
        },
      });
      return request;
    },
  };
  return { https: https as unknown as PodHost['https'], asked };
}
