const EXITS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Makes signals end this process by an exit, which, unlike a death by signal, takes a running Go along. (The cluster's own
 * processes outlive it on purpose.)
 *
 * @returns takes the handlers off again
 */
export function exitOnSignals(): () => void {
  const handlers = Object.entries(EXITS).map(([signal, code]) => [signal, () => process.exit(code)] as const);
  for (const [signal, handler] of handlers) process.once(signal, handler);
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}
