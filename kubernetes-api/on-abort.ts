const actions = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Has something done once a signal is aborted. To be used where thousands listen at a time: adding a listener to the signal
 * itself takes longer the more it has.
 *
 * @returns what takes it back
 */
export function onAbort(signal: AbortSignal, action: () => void): () => void {
  const all = actions.get(signal) ?? listenTo(signal);
  all.add(action);
  return () => all.delete(action);
}

function listenTo(signal: AbortSignal): Set<() => void> {
  const all = new Set<() => void>();
  actions.set(signal, all);
  signal.addEventListener('abort', () => all.forEach((action) => action()), { once: true });
  return all;
}
