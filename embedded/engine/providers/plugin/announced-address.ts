import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { UserError } from '../../../shared/errors';

const STARTUP_SECONDS = 60;

export interface Announcer {
  /** As messages call it. */
  title: string;
  stdout: Readable;
  /** Where it was asked to listen instead of on a port of its choice. */
  socket?: string | undefined;
  /** Gets every line but the first. */
  log: (line: string) => void;
}

/**
 * Where a plugin or a policy pack listens: the first line that it prints. What comes after is for people.
 *
 * @throws UserError if it prints none in time, or anything else
 */
export async function readAddress({ title, stdout, socket, log }: Announcer): Promise<string> {
  const lines = createInterface({ input: stdout });
  lines.once('line', () => lines.on('line', log));
  const signal = AbortSignal.timeout(STARTUP_SECONDS * 1000);
  const [line] = (await once(lines, 'line', { signal }).catch(() => {
    throw new UserError(`${title} printed no port within ${STARTUP_SECONDS} s; it must do so first`);
  })) as [string];
  const port = /^\d+$/.test(line.trim()) ? Number(line) : 0;
  if (line === socket) return line;
  if (port > 0 && port < 65536) return `127.0.0.1:${port}`;
  throw new UserError(`${title} printed "${line}" where its port must come first on stdout`);
}
