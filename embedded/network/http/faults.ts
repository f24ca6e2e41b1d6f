/** A request, as far as a fault may depend on it. */
export interface RequestLine {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: string;
}

/** What a service does wrong. */
export type Fault =
  /** Answers later. */
  | { readonly kind: 'latency'; readonly milliseconds: number }
  /**
   * Its database is gone: nothing is read or written, and after 30 s it answers as if the thing did not exist, or with a
   * failure. `prompt`: at once, as with credentials that the database refuses.
   */
  | { readonly kind: 'outage'; readonly prompt?: boolean }
  /** Does what it should, and answers HTTP 200 with something that is no JSON. */
  | { readonly kind: 'invalid json' }
  /** Closes the connection without an answer, before or after it has done what it should. */
  | { readonly kind: 'drop'; readonly when: 'before' | 'after' }
  /** Does nothing, and answers this. */
  | { readonly kind: 'answer'; readonly status: number; readonly body: unknown };

/** Which requests a fault hits. Default: all. */
export interface FaultScope {
  readonly matching?: (request: RequestLine) => boolean;
  /** So many matching requests are left alone first. */
  readonly after?: number;
  /** The fault ends after so many hits. */
  readonly times?: number;
}

interface Injected {
  readonly fault: Fault;
  readonly scope: FaultScope;
  seen: number;
}

/** The faults of one service. */
export class Faults {
  private injected: Injected[] = [];

  /** @returns ends the fault */
  inject(fault: Fault, scope: FaultScope = {}): () => void {
    const entry = { fault, scope, seen: 0 };
    this.injected.push(entry);
    return () => {
      this.injected = this.injected.filter((other) => other !== entry);
    };
  }

  /** Ends all faults. */
  clear(): void {
    this.injected = [];
  }

  /** The faults that hit this request, which counts for their scopes. */
  hit(request: RequestLine): Fault[] {
    return this.injected.filter((entry) => hits(entry, request)).map(({ fault }) => fault);
  }
}

function hits(entry: Injected, request: RequestLine): boolean {
  const { matching, after = 0, times = Infinity } = entry.scope;
  if (matching && !matching(request)) return false;
  entry.seen += 1;
  return entry.seen > after && entry.seen <= after + times;
}
