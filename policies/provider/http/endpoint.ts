import type { RequestOptions } from 'node:https';
import { environmentToken } from './environment-tokens';

/** Where a service is reached: at a URL, or behind the API server's service proxy. */
export type Endpoint = UrlEndpoint | ServiceEndpoint;

export interface UrlEndpoint {
  url: string;
  /** Sent as `Authorization: Bearer`. Default: what the environment has for the URL's origin. */
  token?: string;
  /** PEM certificates that the server's is checked against, in place of the system's. */
  ca?: string;
}

export interface ServiceEndpoint {
  service: { namespace: string; name: string; port: number };
}

/** How requests to a service are made. */
export interface Route {
  /** For messages: never holds a credential. */
  address: string;
  /** The API server that stands in between, if one does: its own errors have to be told from the service's. */
  apiServer?: {
    /** Drops credentials that it refuses. @returns whether another try may succeed */
    renew(): Promise<boolean>;
  };
  /** Put before every path. */
  prefix: string;
  /**
   * Asked for each request, as tokens expire.
   * @param keepAlive whether the connection is shared, and kept
   */
  connection(keepAlive: boolean): Promise<Connection>;
}

export interface Connection {
  secure: boolean;
  /** Who is spoken to, if that is not the service itself. */
  via?: {
    name: string;
    /** Path of its root. */
    root: string;
    /** What an error of the connection to it means. */
    problem(error: Error): string;
  };
  /** Host, port, TLS and authentication. */
  options: RequestOptions;
}

export function urlRoute({ url, token: own, ca }: UrlEndpoint): Route {
  const { protocol, hostname, port, pathname, origin } = new URL(url);
  const token = own ?? environmentToken(origin);
  const prefix = pathname.replace(/\/+$/, '');
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  // URL keeps the brackets of an IPv6 address, which a socket does not want.
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return {
    address: `${origin}${prefix}`,
    prefix,
    connection: () =>
      Promise.resolve({
        secure: protocol === 'https:',
        options: { host, port, headers, ...(ca !== undefined && { ca }) },
      }),
  };
}
