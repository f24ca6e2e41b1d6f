import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { binary, errorPage, json } from '../http/answer';
import type { Route } from '../http/route';

/** What archives are sent as: no type that a web page can send without asking. */
const ARCHIVE_TYPES = /^application\/(gzip|x-gzip|zip|x-tar|x-bzip2|x-xz|octet-stream)$/i;

/** Plain file names: no separators, no hidden files. */
const FILE_NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;

/**
 * A store of policy archives: PUT stores a file, GET serves it.
 * @param directory made if need be
 */
export function policyCodeRoutes(directory: string): Route[] {
  return [
    {
      method: 'GET',
      pattern: '/',
      handle: async () => json(await readdir(directory).catch(() => [])),
    },
    {
      method: 'PUT',
      pattern: '/<name>',
      handle: async ({ parameters: { name = '' }, content, contentType }) => {
        if (!FILE_NAME.test(name)) return errorPage(400, 'Bad Request');
        if (!ARCHIVE_TYPES.test(contentType)) return errorPage(415, 'Unsupported Media Type');
        await mkdir(directory, { recursive: true, mode: 0o700 });
        const draft = path.join(directory, `.${randomUUID()}`);
        await writeFile(draft, content, { mode: 0o600 });
        await rename(draft, path.join(directory, name));
        return json({ name, size: content.length }, 201);
      },
    },
    {
      method: 'GET',
      pattern: '/<name>',
      handle: async ({ parameters: { name = '' } }) => {
        if (!FILE_NAME.test(name)) return errorPage(404, 'Not Found');
        const content = await readFile(path.join(directory, name)).catch(() => undefined);
        return content ? binary(content) : errorPage(404, 'Not Found');
      },
    },
  ];
}
