import path from 'node:path';
import { UserError } from '../errors';
import type { Recipe } from './recipe';
import { GoError } from './toolchain';

/**
 * Turns the usual failures of Go into what the user can do about them; any other error is returned as it is.
 * @param log where all of Go's output is
 */
export function explainGoError(error: unknown, recipe: Recipe, log: string): unknown {
  if (!(error instanceof GoError)) return error;
  const { name, space, memory, directory } = recipe;
  const find = (pattern: RegExp) => error.output.find((line) => pattern.test(line))?.trim();
  if (find(/no space left on device/)) {
    return new UserError(
      `The disk is full: the build needs about ${space.caches} for Go (folders \`go env GOCACHE GOMODCACHE\`) and ` +
        `${space.folder} in ${path.dirname(directory)}, of which ${space.kept} are kept. Make room and try again; what is ` +
        'compiled already is kept.',
    );
  }
  const network = find(/dial tcp|no such host|i\/o timeout|connection refused|TLS handshake|GOPROXY|proxyconnect/);
  if (network) {
    return new UserError(
      `Go could not download the modules of ${name} (${network}). Check the connection, or set GOPROXY to a ` +
        'module proxy that this machine reaches, and try again.',
    );
  }
  if (find(/signal: killed|out of memory|cannot allocate memory/)) {
    const need = memory === undefined ? '' : `, of which linking takes ${memory}`;
    return new UserError(
      `The machine ran out of memory while Go built ${name}${need}. End other programs and try again; what is compiled ` +
        'already is kept.',
    );
  }
  return new UserError(
    `${name.charAt(0).toUpperCase()}${name.slice(1)} could not be built. Go's last words:\n` +
      `${error.output.slice(-15).join('\n')}\nAll of them: ${log}`,
  );
}
