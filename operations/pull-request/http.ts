import { ForgeError } from './forge';

/** Milliseconds that a forge has for one answer. */
const TIMEOUT = 30_000;

/** How many a page holds; both forges allow a hundred. */
const PAGE = 100;

/** More than this many pages no pull request of people has. */
const MOST_PAGES = 50;

/** One forge's API: JSON both ways. */
export class ForgeApi {
  /**
   * @param root without a slash at its end
   * @param headers with what identifies the caller
   */
  constructor(
    private readonly root: string,
    private readonly headers: Readonly<Record<string, string>>,
  ) {}

  /** @throws ForgeError that names request and answer, and never the token */
  async send<T>(method: 'GET' | 'POST' | 'PATCH' | 'PUT', path: string, body?: unknown): Promise<T> {
    const response = await this.exchange(method, path, body);
    const text = await response.text();
    if (!response.ok) {
      throw new ForgeError(`${method} ${this.root}${path}: HTTP ${response.status} ${messageOf(text)}`);
    }
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** All items of a list that comes in pages. */
  async list<T>(path: string, query: Readonly<Record<string, string>> = {}): Promise<T[]> {
    const items: T[] = [];
    for (let page = 1; page <= MOST_PAGES; page++) {
      const search = new URLSearchParams({ ...query, per_page: String(PAGE), page: String(page) }).toString();
      const found = await this.send<T[]>('GET', `${path}?${search}`);
      items.push(...found);
      if (found.length < PAGE) break;
    }
    return items;
  }

  private async exchange(method: string, path: string, body: unknown): Promise<Response> {
    try {
      return await fetch(this.root + path, {
        method,
        headers: { ...this.headers, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT),
      });
    } catch (error) {
      const { cause, message } = error as Error;
      throw new ForgeError(`${method} ${this.root}${path}: ${cause instanceof Error ? cause.message : message}`);
    }
  }
}

/** What a forge says of a refusal. */
function messageOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === 'string' ? message : JSON.stringify(message ?? '');
  } catch {
    return text.slice(0, 200);
  }
}
