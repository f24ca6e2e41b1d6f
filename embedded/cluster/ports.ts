import { UserError, codeOf } from '../shared/errors';
import { readIfPresent, writePrivate } from '../shared/files/private-file';
import { claimPort, freePort } from '../shared/ports';
import type { ClusterFolder } from './paths';

/** Environment variable that asks for a certain port of the API server. */
const PORT_VARIABLE = 'AIOS_CLUSTER_PORT';

/**
 * The port that the user asks for, if any.
 * @param option given by the caller; it goes before the environment variable
 * @throws UserError if it is no port number
 */
export function requestedPort(option?: number, environment: NodeJS.ProcessEnv = process.env): number | undefined {
  const text = option === undefined ? environment[PORT_VARIABLE] : String(option);
  if (text === undefined || text === '') return undefined;
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65535) return port;
  throw new UserError(`${PORT_VARIABLE} is "${text}", but must be a port number from 1 to 65535.`);
}

/** The port of the last start. */
export async function rememberedPort(folder: ClusterFolder): Promise<number | undefined> {
  const port = Number(await readIfPresent(folder.port));
  return Number.isInteger(port) && port > 0 ? port : undefined;
}

export async function rememberPort(folder: ClusterFolder, port: number): Promise<void> {
  await writePrivate(folder.port, `${port}\n`);
}

/**
 * A port that nobody listens on now: the requested one, else the remembered one, so that kubeconfigs in use stay valid,
 * else any.
 * @throws UserError if the requested port is taken
 */
export async function choosePort(requested: number | undefined, remembered: number | undefined): Promise<number> {
  if (requested === undefined) return freePort(remembered);
  return claimPort(requested).catch((error: unknown) => {
    throw portRefused(requested, codeOf(error) === 'EACCES');
  });
}

export function portRefused(port: number, isForbidden = false): UserError {
  const problem = isForbidden ? 'may not be used by this user' : 'is taken by another program';
  return new UserError(
    `Port ${port} on 127.0.0.1, which ${PORT_VARIABLE} asks for, ${problem}: name another port, or none to get a free one.`,
  );
}
