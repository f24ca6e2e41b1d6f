import type { Command, Sample } from './measure';

/** Runs a command, saying what it is for, and measures it. */
export type Run = (purpose: string, command: Command) => Promise<Sample>;

/** One of those that are compared. */
export interface Contender {
  name: string;
  /** Does it once. @returns what each contest that this is part of needed, by the contest's name */
  take(run: Run): Promise<Record<string, Sample>>;
}

/** What the contenders needed for the same. */
export interface Contest {
  name: string;
  /** The first is the subject, which is compared with each of the others; samples of one index were taken in turn. */
  entries: { contender: string; samples: Sample[] }[];
}

export interface Turns {
  contenders: readonly Contender[];
  /** Those that are run once beforehand, to no account: what is not in any cache yet would be measured otherwise. */
  warmUp: readonly Contender[];
  runs: number;
  run: Run;
}

/** Lets all contenders run in turn, A B A B: whatever else happens on the machine happens to all of them. */
export async function takeTurns({ contenders, warmUp, runs, run }: Turns): Promise<Contest[]> {
  for (const contender of warmUp) await contender.take(labelled(run, 'warm-up', contender));
  const contests = new Map<string, Map<string, Sample[]>>();
  for (let round = 1; round <= runs; round++) {
    for (const contender of contenders) {
      const taken = await contender.take(labelled(run, `run ${round} of ${runs}`, contender));
      for (const [contest, sample] of Object.entries(taken)) record(contests, contest, contender.name, sample);
    }
  }
  return [...contests].map(([name, entries]) => ({
    name,
    entries: [...entries].map(([contender, samples]) => ({ contender, samples })),
  }));
}

const labelled =
  (run: Run, round: string, { name }: Contender): Run =>
  (purpose, command) =>
    run(`${round}, ${name}: ${purpose}`, command);

function record(contests: Map<string, Map<string, Sample[]>>, contest: string, contender: string, sample: Sample) {
  const entries = contests.get(contest) ?? new Map<string, Sample[]>();
  contests.set(contest, entries);
  entries.set(contender, [...(entries.get(contender) ?? []), sample]);
}
