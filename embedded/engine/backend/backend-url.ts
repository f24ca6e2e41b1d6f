import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { UserError } from '../../shared/errors';

const SCHEME = 'file://';

/**
 * The folder that a backend URL means: `file:///absolute`, `file://relative/to/directory`, `file://~/in/home`.
 *
 * @param url undefined where the user named no backend
 * @throws UserError if it is not a folder on this machine
 */
export function backendRoot(url: string | undefined, directory: string): string {
  if (url === undefined || url === '') {
    throw new UserError(
      'No backend for the state. Set PULUMI_BACKEND_URL, or backend.url in Pulumi.yaml, to a folder: file:///path, ' +
        'file://relative or file://~.',
    );
  }
  if (!url.startsWith(SCHEME)) {
    throw new UserError(
      `The backend ${url} is not supported by the embedded engine, which keeps state in folders only (file:///path, ` +
        'file://relative, file://~). Install the Pulumi CLI to use it, or set PULUMI_BACKEND_URL to a folder.',
    );
  }
  const [path = ''] = url.slice(SCHEME.length).split('?');
  if (path === '~' || path.startsWith('~/')) return join(homedir(), path.slice(1));
  return resolve(directory, path);
}
