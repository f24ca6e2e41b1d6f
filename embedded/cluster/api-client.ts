import { Agent, request } from 'node:https';

export interface ApiResponse {
  readonly status: number;
  /** Parsed JSON, or text where the answer is none. */
  readonly body: unknown;
}

const timeout = 5000;

/** The few calls that a start makes. (The Kubernetes client library takes longer to load than a whole health probe.) */
export class ApiClient {
  private readonly agent: Agent;

  /** @param certificateAuthority PEM, the only one that is trusted */
  constructor(
    readonly server: string,
    certificateAuthority: string,
    private readonly token: string,
  ) {
    this.agent = new Agent({ keepAlive: true, ca: certificateAuthority });
  }

  get(path: string): Promise<ApiResponse> {
    return this.send('GET', path);
  }

  post(path: string, body: unknown): Promise<ApiResponse> {
    return this.send('POST', path, JSON.stringify(body));
  }

  delete(path: string): Promise<ApiResponse> {
    return this.send('DELETE', path);
  }

  close(): void {
    this.agent.destroy();
  }

  /** @throws Error if there is no answer in 5 seconds; an error status is an answer */
  private send(method: string, path: string, body?: string): Promise<ApiResponse> {
    const headers = { authorization: `Bearer ${this.token}`, ...(body ? { 'content-type': 'application/json' } : {}) };
    return new Promise((resolve, reject) => {
      const call = request(new URL(path, this.server), { method, headers, agent: this.agent, timeout }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (data: string) => (text += data));
        response.once('error', reject).once('end', () => {
          resolve({ status: response.statusCode ?? 0, body: parse(text, response.headers['content-type']) });
        });
      });
      call.once('error', reject);
      call.once('timeout', () => call.destroy(new Error(`no answer to ${method} ${path} in ${timeout} ms`)));
      call.end(body);
    });
  }
}

function parse(text: string, contentType = ''): unknown {
  return contentType.startsWith('application/json') ? (JSON.parse(text) as unknown) : text;
}
