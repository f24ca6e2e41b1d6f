import type { Answer } from './answer';

/** One request, as a handler sees it. */
export interface Call {
  readonly method: string;
  /** As sent, percent-encoding included. */
  readonly path: string;
  /** Values of the pattern's `<names>`, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** As sent; empty if there is none. */
  readonly contentType: string;
  /** The raw body. */
  readonly content: Buffer;
  /** The body as JSON. @throws Error as the web framework words it, if content type or content are wrong */
  readonly json: () => unknown;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `/policy/<uri>`: each `<name>` stands for one segment. */
  readonly pattern: string;
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}

export type Match =
  | { readonly kind: 'found'; readonly route: Route; readonly parameters: Record<string, string> }
  | { readonly kind: 'wrong method' }
  | { readonly kind: 'not found' };

/**
 * The route of a request.
 * @param decodeFirst the path is decoded before it is split, as WSGI servers do: an encoded slash separates segments
 */
export function matchRoute(routes: readonly Route[], method: string, path: string, decodeFirst: boolean): Match {
  const segments = decodeFirst ? decode(path).split('/') : path.split('/').map(decode);
  let kind: 'wrong method' | 'not found' = 'not found';
  for (const route of routes) {
    const parameters = matchPattern(route.pattern.split('/'), segments);
    if (parameters && route.method === method) return { kind: 'found', route, parameters };
    if (parameters) kind = 'wrong method';
  }
  return { kind };
}

function matchPattern(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? '';
    const [, name] = /^<(.+)>$/.exec(part) ?? [];
    if (name !== undefined && segment !== '') parameters[name] = segment;
    else if (part !== segment) return undefined;
  }
  return parameters;
}

/** A stray `%` stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
