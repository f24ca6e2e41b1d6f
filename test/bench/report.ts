import colors from 'picocolors';
import { GOALS } from './goals';
import type { Machine } from './machine';
import type { Part } from './options';
import { type Result, resultsOf, type Spread, type Verdict } from './results';
import type { Outcome } from './bench';

export interface Report {
  machine: Machine;
  /** Measured runs of everything. */
  runs: number;
  parts: { part: Part; title: string; note: string; contests: { name: string; results: Result[] }[] }[];
  /** Why something is missing. */
  skipped: string[];
}

export function reportOf(
  outcomes: readonly (Outcome & { part: Part })[],
  facts: Pick<Report, 'machine' | 'runs' | 'skipped'>,
): Report {
  const parts = outcomes.map(({ part, title, note, contests }) => ({
    part,
    title,
    note,
    contests: contests.map((contest) => ({
      name: contest.name,
      results: resultsOf(contest, GOALS[part]?.[contest.name] ?? {}),
    })),
  }));
  return { ...facts, parts };
}

/** The machine a line, then a block for every part. */
export function asText({ machine, runs, parts, skipped }: Report): string {
  const { cores, memoryGigabytes, node, loadAverage } = machine;
  return [
    '',
    `${cores} cores, ${memoryGigabytes} GB memory, node ${node}; load average before the start: ${loadAverage.join(' ')}`,
    runs === 1 ? 'One run.' : `Medians of ${runs} runs taken in turn (lowest–highest).`,
    ...skipped,
    ...parts.flatMap(({ title, note, contests }) => [
      '',
      colors.bold(title),
      note,
      ...contests.flatMap(({ name, results }) => ['', name, ...results.map((result) => line(result, results))]),
    ]),
    '',
  ].join('\n');
}

function line({ contender, seconds, cpu, megabytes, ratio, goals }: Result, [subject]: Result[]): string {
  const columns = [
    contender.padEnd(30),
    spreadText(seconds, 's', 2).padEnd(24),
    `CPU ${spreadText(cpu, 's', 2)}`.padEnd(26),
    spreadText(megabytes, 'MB', 0).padEnd(18),
    ...(ratio ? [`${subject?.contender ?? ''}: ${spreadText(ratio, '×', 2)} its time`] : []),
    ...goals.map(goalText),
  ];
  return `  ${columns.join('  ').trimEnd()}`;
}

function spreadText({ median, min, max }: Spread, unit: string, digits: number): string {
  const ends = min === max ? '' : ` (${min.toFixed(digits)}–${max.toFixed(digits)})`;
  return `${median.toFixed(digits)} ${unit}${ends}`;
}

const GOAL_TEXTS = {
  seconds: (limit: number) => `goal < ${limit} s`,
  megabytes: (limit: number) => `goal < ${limit} MB`,
  ratio: (limit: number) => `goal ≤ ${limit} ×`,
  cpu: (limit: number, of: string) => `goal ≤ ${limit} × the CPU of ${of}`,
} as const satisfies Record<Verdict['measure'], (limit: number, of: string) => string>;

const goalText = ({ measure, limit, of = '', met }: Verdict) =>
  `[${GOAL_TEXTS[measure](limit, of)}: ${met ? colors.green('met') : colors.yellow('missed')}]`;
