import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface Entry {
  id: number;
  number: number;
  body: string;
  title?: string;
  state: string;
  user: { login: string };
}

/** As much of GitHub's API as is used, in memory. */
export class GitHubServer {
  readonly comments: (Entry & { issue: string })[] = [];
  readonly issues: Entry[] = [];
  pulls: { number: number; head: { sha: string; label: string } }[] = [];
  /** The tokens that requests came with. */
  readonly tokens = new Set<string>();
  private readonly server = createServer((request, response) => {
    void this.answer(request).then(({ code, body }) => {
      response.writeHead(code, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    });
  });

  static async start(): Promise<GitHubServer> {
    const forge = new GitHubServer();
    await new Promise<void>((resolve) => forge.server.listen(0, '127.0.0.1', resolve));
    return forge;
  }

  get environment(): Record<string, string> {
    const { port } = this.server.address() as AddressInfo;
    return { GITHUB_API_URL: `http://127.0.0.1:${port}`, GITHUB_REPOSITORY: 'owner/network' };
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage): Promise<{ code: number; body: unknown }> {
    const url = new URL(request.url ?? '', 'http://localhost');
    const sent = await text(request);
    const body = (sent === '' ? {} : JSON.parse(sent)) as Partial<Entry>;
    this.tokens.add(request.headers.authorization ?? '');
    const route = `${request.method} ${url.pathname.replace('/repos/owner/network', '')}`;
    const [, issue] = /^\w+ \/issues\/(\d+)\/comments$/.exec(route) ?? [];
    const [, edited] = /^PATCH \/issues\/comments\/(\d+)$/.exec(route) ?? [];
    const [, changed] = /^PATCH \/issues\/(\d+)$/.exec(route) ?? [];
    if (issue !== undefined && request.method === 'GET')
      return this.page(
        url,
        this.comments.filter((one) => one.issue === issue),
      );
    if (issue !== undefined) return { code: 201, body: this.add(this.comments, { ...body, issue }) };
    if (edited !== undefined) return { code: 200, body: Object.assign(this.find(this.comments, edited), body) };
    if (changed !== undefined) return { code: 200, body: Object.assign(this.find(this.issues, changed), body) };
    if (route === 'GET /issues')
      return this.page(
        url,
        this.issues.filter(({ state }) => state === 'open'),
      );
    if (route === 'POST /issues') return { code: 201, body: this.add(this.issues, body) };
    if (route === 'GET /pulls')
      return this.page(
        url,
        this.pulls.filter(({ head }) => head.label === url.searchParams.get('head')),
      );
    return { code: 404, body: { message: `no route ${route}` } };
  }

  private add<T extends Entry>(entries: T[], body: Partial<T>): T {
    const id = entries.length + 1;
    const entry = {
      id,
      number: id,
      state: 'open',
      user: { login: 'github-actions[bot]' },
      body: '',
      ...body,
    } as unknown as T;
    entries.push(entry);
    return entry;
  }

  private find(entries: Entry[], id: string): Entry {
    const entry = entries.find((one) => String(one.id) === id);
    if (entry === undefined) throw new Error(`no entry ${id}`);
    return entry;
  }

  private page(url: URL, items: unknown[]): { code: number; body: unknown } {
    const [size, page] = ['per_page', 'page'].map((name) => Number(url.searchParams.get(name))) as [number, number];
    return { code: 200, body: items.slice((page - 1) * size, page * size) };
  }
}
