import { setMaxListeners } from 'node:events';
import { EXIT } from '../exit-codes';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Turns Ctrl-C (a polite kill, a terminal that was closed) into an abort signal: the first lets running steps end and
 * keeps the state; the second ends the process at once.
 */
export function interruptSignal(tell: (message: string) => void): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal); // each step that waits listens
  const onSignal = (name: NodeJS.Signals) => {
    // Who closes a terminal has not asked twice, though the kernel and the shell both tell of it.
    if (controller.signal.aborted && name === 'SIGHUP') return;
    if (controller.signal.aborted) process.exit(EXIT.error);
    tell('Interrupted: finishing the steps that are running. Press Ctrl-C again to stop at once.');
    controller.abort();
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    signal: controller.signal,
    stop: () => {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}
