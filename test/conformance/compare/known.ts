import type { Difference } from './difference';

/** A difference that stays, and why. */
export interface KnownDifference {
  /** The scenario in which it occurs. */
  readonly scenario: string;
  readonly where?: RegExp;
  readonly subject?: RegExp;
  readonly embedded?: RegExp;
  readonly cli?: RegExp;
  /** Why it is right that they differ here. */
  readonly reason: string;
  /** The page, and its section, that tells users. */
  readonly documented: string;
}

export interface Verdict {
  /** What nobody has said to be right. */
  readonly unknown: readonly Difference[];
  /** How many were known. */
  readonly known: number;
  /** Known differences of this scenario that did not occur. */
  readonly gone: readonly KnownDifference[];
}

/** Tells the known from the unknown among the differences of a scenario. */
export function judge(scenario: string, differences: readonly Difference[], list: readonly KnownDifference[]): Verdict {
  const candidates = list.filter((known) => known.scenario === scenario);
  const unknown = differences.filter((difference) => !candidates.some((known) => matches(known, difference)));
  return {
    unknown,
    known: differences.length - unknown.length,
    gone: candidates.filter((known) => !differences.some((difference) => matches(known, difference))),
  };
}

const FIELDS = ['where', 'subject', 'embedded', 'cli'] as const;

const matches = (known: KnownDifference, difference: Difference) =>
  FIELDS.every((field) => known[field]?.test(difference[field]) ?? true);
