import { setMaxListeners } from 'node:events';
import { EXIT } from '../exit-codes';

/**
 * Turns Ctrl-C (and a polite kill) into an abort signal: the first lets running steps end and keeps the state; the second
 * ends the process at once.
 */
export function interruptSignal(tell: (message: string) => void): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal); // each step that waits listens
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(EXIT.cancelled);
    tell('Interrupted: finishing the steps that are running. Press Ctrl-C again to stop at once.');
    controller.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    stop: () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal),
  };
}
