import type { CpuGoal, Goals } from './goals';
import type { Sample } from './measure';
import type { Contest } from './turns';

/** The middle of what was measured, and its ends. */
export interface Spread {
  median: number;
  min: number;
  max: number;
}

export interface Verdict {
  measure: 'seconds' | 'megabytes' | 'ratio' | 'cpu';
  /** Of a ratio of CPU times: to whose. */
  of?: string;
  limit: number;
  /** The median. */
  value: number;
  met: boolean;
}

/** What one contender needed. */
export interface Result {
  contender: string;
  seconds: Spread;
  /** CPU seconds. */
  cpu: Spread;
  megabytes: Spread;
  /** How many times this one's time the subject took; absent for the subject itself. */
  ratio?: Spread;
  goals: Verdict[];
  samples: { seconds: number; cpu: number; megabytes: number }[];
}

/** Sums a contest up, the subject's result first. */
export function resultsOf({ entries }: Contest, goals: Goals): Result[] {
  const [subject] = entries;
  return entries.map(({ contender, samples }) => {
    const plain = samples.map(({ seconds, cpu, memory }) => ({ seconds, cpu, megabytes: memory / 1e6 }));
    const of = (measure: keyof Result['samples'][number]) => spread(plain.map((sample) => sample[measure]));
    const [seconds, cpu, megabytes] = [of('seconds'), of('cpu'), of('megabytes')];
    const common = { contender, seconds, cpu, megabytes, samples: plain };
    const cpuGoals = cpuVerdict(samples, entries, goals.cpu?.[contender]);
    if (contender === subject?.contender) {
      return {
        ...common,
        goals: [
          ...verdict('seconds', goals.seconds, seconds.median),
          ...verdict('megabytes', goals.megabytes, megabytes.median),
          ...cpuGoals,
        ],
      };
    }
    const ratio = ratioOf('seconds', subject?.samples ?? [], samples);
    return { ...common, ratio, goals: [...verdict('ratio', goals.ratio?.[contender], ratio.median), ...cpuGoals] };
  });
}

/** Of each turn by itself: what slows the machine down for a while slows both down. */
const ratioOf = (measure: 'seconds' | 'cpu', these: readonly Sample[], those: readonly Sample[]) =>
  spread(those.map((that, turn) => (these[turn]?.[measure] ?? NaN) / that[measure]));

function cpuVerdict(samples: readonly Sample[], entries: Contest['entries'], goal: CpuGoal | undefined): Verdict[] {
  const other = entries.find(({ contender }) => contender === goal?.of);
  if (!goal || !other) return [];
  const { median } = ratioOf('cpu', samples, other.samples);
  return verdict('cpu', goal.atMost, median).map((found) => ({ ...found, of: goal.of }));
}

function verdict(measure: Verdict['measure'], limit: number | undefined, value: number): Verdict[] {
  return limit === undefined ? [] : [{ measure, limit, value, met: isMet(measure, value, limit) }];
}

/** Ratios may reach their limit, the others must stay below it. */
const isMet = (measure: Verdict['measure'], value: number, limit: number) =>
  measure === 'ratio' || measure === 'cpu' ? value <= limit : value < limit;

function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? NaN;
  const middle = (sorted.length - 1) / 2;
  return { median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2, min: at(0), max: at(sorted.length - 1) };
}
