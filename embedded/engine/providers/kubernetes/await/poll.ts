import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../../../shared/errors';
import { isPassing } from '../../../../../kubernetes-api';
import type { ResourceCall } from '../../provider';
import { timeoutSeconds } from '../annotations';
import type { Progress } from './awaiter';

/** A call that waits for something, at the most for `timeout` seconds; 0: the provider's default. */
export type WaitingCall = Pick<ResourceCall, 'signal' | 'status'> & { timeout: number };

/**
 * Looks again and again, often at first and then once a second, and tells what is missing. What passes is no end of the
 * waiting: the API server restarts, the network fails for a while.
 *
 * @param look is told how long it has been waited for, in milliseconds
 * @returns why nobody waits any longer; undefined: it is ready
 */
export async function poll(
  { signal, status, timeout }: WaitingCall,
  look: (elapsed: number) => Promise<Progress>,
): Promise<string | undefined> {
  const seconds = timeoutSeconds(timeout);
  const start = Date.now();
  let missing = 'nothing was seen yet';
  for (let pause = 100; ; pause = Math.min(1000, pause * 1.4)) {
    const elapsed = Date.now() - start;
    try {
      const progress = await look(elapsed);
      if (progress.state === 'ready') return undefined;
      if (progress.state === 'failed') return progress.message;
      missing = progress.message;
    } catch (error) {
      if (!signal.aborted && !isPassing(error)) throw error;
      if (!signal.aborted) missing = messageOf(error);
    }
    if (signal.aborted) return `waiting was interrupted: ${missing}`;
    if (elapsed > seconds * 1000) return `timed out after ${seconds} s: ${missing}`;
    status(missing);
    await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
}
