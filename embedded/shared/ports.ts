import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from './errors';

/** How long a taken port is waited for, in milliseconds. */
const PATIENCE = 1000;

/** A port of 127.0.0.1 that nobody listens on now: this one if it is free, so that addresses in use stay valid, else any. */
export async function freePort(preferred?: number): Promise<number> {
  return preferred === undefined ? tryPort(0) : claimPort(preferred).catch(() => tryPort(0));
}

/**
 * Makes sure that a port of 127.0.0.1 can be listened on. A process that was killed just now may hold its port for another moment.
 * @throws Error with the code EADDRINUSE or EACCES if it cannot
 */
export async function claimPort(port: number): Promise<number> {
  const deadline = performance.now() + PATIENCE;
  for (;;) {
    try {
      return await tryPort(port);
    } catch (error) {
      if (codeOf(error) !== 'EADDRINUSE' || performance.now() > deadline) throw error;
    }
    await delay(50);
  }
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
