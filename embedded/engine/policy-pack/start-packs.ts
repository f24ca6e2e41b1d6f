import { PolicyPack, type PolicyPackOptions } from './policy-pack';

/** The policy packs of a run, which start beside its program. */
export interface StartedPacks {
  packs: Promise<readonly PolicyPack[]>;
  /** Those that have started. */
  identities(): PolicyPack['identity'][];
  /** Ends them, and the start of those that have not. */
  close(): Promise<void>;
}

/** Starts policy packs. @param all what each is started with, besides the signal */
export function startPacks(
  all: readonly Promise<Omit<PolicyPackOptions, 'signal'>>[],
  signal: AbortSignal,
): StartedPacks {
  const closing = new AbortController();
  const started: PolicyPack[] = [];
  const starting = all.map(async (options) => {
    const ending = AbortSignal.any([signal, closing.signal]);
    const pack = await PolicyPack.start({ ...(await options), signal: ending });
    started.push(pack);
    return pack;
  });
  const packs = Promise.all(starting);
  // Whoever asks them first hears of a failure.
  packs.catch(() => undefined);
  return {
    packs,
    identities: () => started.map(({ identity }) => identity),
    close: async () => {
      closing.abort();
      await Promise.allSettled(starting);
      await Promise.all(started.map((pack) => pack.close()));
    },
  };
}
