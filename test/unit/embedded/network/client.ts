/** What a service has answered. */
export interface Reply {
  status: number;
  /** Parsed JSON, or the text where it is none. */
  body: unknown;
}

/** Sends JSON, as curl would. */
export async function send(base: string, method: string, path: string, body?: unknown): Promise<Reply> {
  const content =
    body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(`${base}${path}`, { method, ...content });
  const text = await response.text();
  return { status: response.status, body: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
