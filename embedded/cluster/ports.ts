import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '../shared/errors';
import type { ClusterFolder } from './paths';
import { readIfPresent, writePrivate } from './private-files';

/** Environment variable that asks for a certain port of the API server. */
export const portVariable = 'AIOS_CLUSTER_PORT';

/** How long a taken port is waited for, in milliseconds. */
const patience = 1000;

/**
 * The port that the user asks for, if any.
 * @param option given by the caller; it goes before the environment variable
 * @throws UserError if it is no port number
 */
export function requestedPort(option?: number, environment: NodeJS.ProcessEnv = process.env): number | undefined {
  const text = option === undefined ? environment[portVariable] : String(option);
  if (text === undefined || text === '') return undefined;
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65535) return port;
  throw new UserError(`${portVariable} is "${text}", but must be a port number from 1 to 65535.`);
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
  const wanted = requested ?? remembered;
  if (wanted === undefined) return tryPort(0);
  try {
    return await awaitPort(wanted);
  } catch (error) {
    if (requested === undefined) return tryPort(0);
    throw portRefused(requested, (error as NodeJS.ErrnoException).code === 'EACCES');
  }
}

/** A process that was killed just now may hold its port for another moment. */
async function awaitPort(port: number): Promise<number> {
  const deadline = performance.now() + patience;
  for (;;) {
    try {
      return await tryPort(port);
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!isTaken || performance.now() > deadline) throw error;
    }
    await delay(50);
  }
}

export function portRefused(port: number, isForbidden = false): UserError {
  const problem = isForbidden ? 'may not be used by this user' : 'is taken by another program';
  return new UserError(
    `Port ${port} on 127.0.0.1, which ${portVariable} asks for, ${problem}: name another port, or none to get a free one.`,
  );
}

/** Listens for a moment. @returns the port, chosen by the system if `port` is 0 */
async function tryPort(port: number): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ port, host: '127.0.0.1', exclusive: true }, resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : port;
}
