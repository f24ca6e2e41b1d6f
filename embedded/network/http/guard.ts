import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { json, type Answer } from './answer';

/** What a service asks of every request before it looks at it. */
export interface Guard {
  /** Sent as `Authorization: Bearer`. */
  readonly token: string;
  /** The port that the service listens on. */
  readonly port: number;
}

/** Names of this machine's loopback interface, as Host headers have them. */
const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'];

const TOKEN_HINT =
  'Authorization: Bearer with the token of this start is missing or wrong. What make starts gets it in ' +
  'AIOS_ENDPOINT_TOKENS; it is in .aios/network/endpoint.json too.';

/**
 * Why a request is turned away, whatever it asks for. Upstream lets everybody in; here everybody on this machine could
 * run code as the owner, and so could every web page that its name server points to 127.0.0.1 (DNS rebinding).
 * @returns undefined for a request that may pass
 */
export function turnAway({ headers }: IncomingMessage, { token, port }: Guard): Answer | undefined {
  const isOwnHost = loopbackNames.some((name) => headers.host?.toLowerCase() === `${name}:${port}`);
  if (!isOwnHost) return json({ error: `Host ${headers.host ?? '(none)'} is not this service` }, 403);
  if (headers.origin !== undefined) return json({ error: 'Web pages have no access: Origin is refused' }, 403);
  if (!isSame(headers.authorization ?? '', `Bearer ${token}`)) return json({ error: TOKEN_HINT }, 401);
  return undefined;
}

/** Takes the same time whatever is wrong. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
