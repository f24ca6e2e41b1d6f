/** The times that a cron schedule means, all in UTC. */
export interface CronSchedule {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** Whether days of the month or of the week are left open: else either will do, as cron has it. */
  readonly hasOpenDays: boolean;
}

interface Field {
  name: string;
  least: number;
  most: number;
  /** Names of the numbers from `least` on. */
  names?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const FIELDS = [
  { name: 'minute', least: 0, most: 59 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'day of the month', least: 1, most: 31 },
  { name: 'month', least: 1, most: 12, names: MONTHS },
  { name: 'day of the week', least: 0, most: 6, names: WEEKDAYS },
] as const satisfies Field[];

const SHORTHANDS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** Within so many days every date comes: 29 February, with a century in between that has none. */
const LONGEST_WAIT_DAYS = 366 * 9;

const DAY = 86_400_000;

/**
 * Reads a schedule as the CronJob controller does (robfig/cron, standard form): five fields or a shorthand such as @daily.
 *
 * @returns what is wrong with it, as the end of a sentence "the schedule …", where it is none
 */
export function parseCron(text: string): CronSchedule | string {
  const fields = (SHORTHANDS[text] ?? text).trim().split(/\s+/);
  if (fields.length !== FIELDS.length) {
    return `must be a cron schedule of five fields (minute, hour, day of the month, month, day of the week) or one of ${Object.keys(SHORTHANDS).join(', ')}`;
  }
  const numbers = FIELDS.map((field, index) => numbersOf(fields[index] ?? '', field));
  const problem = numbers.find((found) => typeof found === 'string');
  if (problem !== undefined) return problem;
  const [minutes, hours, days, months, weekdays] = numbers as [Numbers, Numbers, Numbers, Numbers, Numbers];
  const hasOpenDays = [fields[2], fields[4]].some((field) => field?.split(',').some(isOpen));
  const schedule = { minutes, hours, days, months, weekdays, hasOpenDays };
  return runBefore(schedule, new Date()) === undefined ? 'must come at some time: no month has such a day' : schedule;
}

type Numbers = ReadonlySet<number>;

const isOpen = (part: string) => /^[*?](\/1)?$/.test(part);

function numbersOf(text: string, field: Field): Numbers | string {
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const range = rangeOf(part.toLowerCase(), field);
    if (range === undefined) {
      return `must have ${field.name === 'hour' ? 'an' : 'a'} ${field.name} from ${field.least} to ${field.most}, and has ${JSON.stringify(part)} (*, N, N-M, */N and lists of them are known)`;
    }
    for (let number = range.from; number <= range.to; number += range.step) found.add(number);
  }
  return found;
}

/** Undefined where it is none. */
function rangeOf(part: string, { least, most, names = [] }: Field) {
  const [, span = '', first = '', last, step] = /^(\*|\?|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part) ?? [];
  const numberOf = (text: string) => (names.includes(text) ? names.indexOf(text) + least : Number(text));
  const from = isOpen(span) ? least : numberOf(first);
  // N/step goes on to the end, as cron has it.
  const openEnd = isOpen(span) || (last === undefined && step !== undefined);
  const to = openEnd ? most : numberOf(last ?? first);
  const every = Number(step ?? 1);
  const isRange = span !== '' && Number.isInteger(from) && Number.isInteger(to) && every >= 1;
  return isRange && from >= least && to <= most && from <= to ? { from, to, step: every } : undefined;
}

/** The last time before another at which the schedule comes; undefined if it never does. */
export function runBefore(schedule: CronSchedule, before: Date): Date | undefined {
  const midnight = Date.UTC(before.getUTCFullYear(), before.getUTCMonth(), before.getUTCDate());
  for (let back = 0; back <= LONGEST_WAIT_DAYS; back += 1) {
    const day = new Date(midnight - back * DAY);
    const run = comesOn(schedule, day) && lastOn(schedule, day, before);
    if (run) return run;
  }
  return undefined;
}

function comesOn({ months, days, weekdays, hasOpenDays }: CronSchedule, day: Date): boolean {
  if (!months.has(day.getUTCMonth() + 1)) return false;
  const [byDate, byWeekday] = [days.has(day.getUTCDate()), weekdays.has(day.getUTCDay())];
  return hasOpenDays ? byDate && byWeekday : byDate || byWeekday;
}

function lastOn({ hours, minutes }: CronSchedule, day: Date, before: Date): Date | undefined {
  for (const hour of descending(hours)) {
    for (const minute of descending(minutes)) {
      const run = new Date(day.getTime() + (hour * 60 + minute) * 60_000);
      if (run < before) return run;
    }
  }
  return undefined;
}

/**
 * The longest time, in seconds, from one run to the next: what a backup's age may come to while none fails.
 *
 * Days are gone through over years, so that leap days and months of 28 days count; within a day all runs are alike.
 */
export function longestGap(schedule: CronSchedule): number {
  const minutesOfDay = [...schedule.hours]
    .flatMap((hour) => [...schedule.minutes].map((minute) => hour * 60 + minute))
    .toSorted((a, b) => a - b);
  const [first = 0] = minutesOfDay;
  const last = minutesOfDay.at(-1) ?? 0;
  const within = minutesOfDay.map((minute, index) => minute - (minutesOfDay[index - 1] ?? minute));
  const between = longestDays(schedule) * 24 * 60 - (last - first);
  return Math.max(between, ...within) * 60;
}

/** Most days from one day with runs to the next. */
function longestDays(schedule: CronSchedule): number {
  let [longest, since] = [1, Infinity];
  for (let day = 0; day <= 2 * LONGEST_WAIT_DAYS; day += 1) {
    if (!comesOn(schedule, new Date(day * DAY))) continue;
    longest = Math.max(longest, day - since);
    since = day;
  }
  return longest;
}

const descending = (numbers: Numbers) => [...numbers].toSorted((a, b) => b - a);
