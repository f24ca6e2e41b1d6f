/** Asks another service. */
export interface Client {
  /**
   * @returns the answer, whatever its status
   * @throws Error as Python's requests words it, where there is none
   */
  send(method: string, url: string, body?: unknown): Promise<Response>;
  /** @throws Error with the status, or where it is larger than the stand-in takes */
  download(url: string): Promise<Buffer>;
}

/** How long an answer is waited for, in milliseconds: an outage takes 30 s. */
const PATIENCE = 60_000;

/** The largest archive that is taken, in bytes. */
const largestDownload = 16 * 1024 * 1024;

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/;

/**
 * How the services reach each other, and the code of policies. They go nowhere but to this machine, and only the network's own
 * services get its token: documents name the addresses, and anybody may have written those.
 * @param ours base URLs of the network's services
 */
export function createClient(token: string, ours: () => readonly string[]): Client {
  const send = async (method: string, url: string, body?: unknown): Promise<Response> => {
    if (!URL.canParse(url))
      throw new Error(`Invalid URL '${url}': No scheme supplied. Perhaps you meant https://${url}?`);
    const { origin, hostname } = new URL(url);
    if (!LOOPBACK.test(hostname)) throw new Error(`the stand-in does not leave this machine: ${origin}`);
    const isOurs = ours().includes(origin);
    return fetch(url, {
      method,
      headers: {
        ...(isOurs && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE),
    }).catch((error: unknown) => {
      throw connectionError(new URL(url), error);
    });
  };
  return {
    send,
    download: async (url) => {
      const response = await send('GET', url);
      requireSuccess(response);
      return limited(response, largestDownload);
    },
  };
}

/** @throws Error for an HTTP status that is an error, as Python's requests words it */
export function requireSuccess({ status, statusText, url }: Response): void {
  if (status < 400) return;
  const side = status < 500 ? 'Client' : 'Server';
  throw new Error(`${status} ${side} Error: ${statusText} for url: ${url}`);
}

function connectionError({ hostname, port, pathname }: URL, error: unknown): Error {
  const { cause, message } = error as Error;
  const reason = cause instanceof Error && cause.message !== '' ? cause.message : message;
  return new Error(
    `HTTPConnectionPool(host='${hostname}', port=${port}): Max retries exceeded with url: ${pathname} (Caused by ${reason})`,
  );
}

async function limited(response: Response, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > limit) throw new Error(`${response.url} is larger than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
