import type { Goals } from './goals';
import type { Contest } from './turns';

/** The middle of what was measured, and its ends. */
export interface Spread {
  median: number;
  min: number;
  max: number;
}

export interface Verdict {
  measure: 'seconds' | 'megabytes' | 'ratio';
  limit: number;
  /** The median. */
  value: number;
  met: boolean;
}

/** What one contender needed. */
export interface Result {
  contender: string;
  seconds: Spread;
  megabytes: Spread;
  /** How many times this one's time the subject took; absent for the subject itself. */
  ratio?: Spread;
  goals: Verdict[];
  samples: { seconds: number; megabytes: number }[];
}

/** Sums a contest up, the subject's result first. */
export function resultsOf({ entries }: Contest, goals: Goals): Result[] {
  const [subject] = entries;
  return entries.map(({ contender, samples }) => {
    const seconds = spread(samples.map((sample) => sample.seconds));
    const megabytes = spread(samples.map((sample) => sample.memory / 1e6));
    const plain = samples.map((sample) => ({ seconds: sample.seconds, megabytes: sample.memory / 1e6 }));
    const common = { contender, seconds, megabytes, samples: plain };
    if (contender === subject?.contender) {
      return {
        ...common,
        goals: [
          ...verdict('seconds', goals.seconds, seconds.median),
          ...verdict('megabytes', goals.megabytes, megabytes.median),
        ],
      };
    }
    // Of each turn by itself: what slows the machine down for a while slows both down.
    const ratio = spread(samples.map((sample, turn) => (subject?.samples[turn]?.seconds ?? NaN) / sample.seconds));
    return { ...common, ratio, goals: verdict('ratio', goals.ratio?.[contender], ratio.median) };
  });
}

function verdict(measure: Verdict['measure'], limit: number | undefined, value: number): Verdict[] {
  return limit === undefined ? [] : [{ measure, limit, value, met: isMet(measure, value, limit) }];
}

/** A ratio may reach its limit, the others must stay below it. */
const isMet = (measure: Verdict['measure'], value: number, limit: number) =>
  measure === 'ratio' ? value <= limit : value < limit;

function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? NaN;
  const middle = (sorted.length - 1) / 2;
  return { median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2, min: at(0), max: at(sorted.length - 1) };
}
