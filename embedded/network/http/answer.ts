/** What a handler answers with. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Buffer;
}

export function json(body: unknown, status = 200): Answer {
  return { status, contentType: 'application/json', body: `${JSON.stringify(body)}\n` };
}

/** An error page as web frameworks make them: no JSON. */
export function errorPage(status: number, title: string): Answer {
  return {
    status,
    contentType: 'text/html; charset=utf-8',
    body: `<!doctype html>\n<html lang=en>\n<title>${status} ${title}</title>\n<h1>${title}</h1>\n`,
  };
}

export function binary(body: Buffer): Answer {
  return { status: 200, contentType: 'application/octet-stream', body };
}
