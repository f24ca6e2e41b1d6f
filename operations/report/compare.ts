import type { Phrase } from './phrase';
import { type StackReport, storiesOf, type SubjectChange } from './stack-report';

/** A change that some of the stacks have, and others not. */
interface Difference {
  subject: SubjectChange['subject'];
  words: Phrase;
  stacks: string[];
}

/** What differs between the changes of several stacks. */
export interface Comparison {
  stacks: string[];
  /** How many changes all of them have. */
  common: number;
  differences: Difference[];
}

/** Compares what changes, in words: numbers and versions that differ are differences. */
export function compareStacks(reports: readonly StackReport[]): Comparison {
  const stacks = reports.map(({ plan }) => plan.stack);
  const found = new Map<string, Difference>();
  for (const report of reports) {
    for (const { subject, words } of storiesOf(report).flatMap(({ subjects }) => subjects)) {
      for (const phrase of words) {
        const key = JSON.stringify([subject, phrase]);
        const known = found.get(key) ?? { subject, words: phrase, stacks: [] };
        found.set(key, { ...known, stacks: [...known.stacks, report.plan.stack] });
      }
    }
  }
  const all = [...found.values()];
  const isCommon = (difference: Difference) => difference.stacks.length === stacks.length;
  return { stacks, common: all.filter(isCommon).length, differences: alike(all.filter((one) => !isCommon(one))) };
}

/** Of many services with the same change, one line. */
function alike(differences: readonly Difference[]): Difference[] {
  const groups = new Map<string, Difference[]>();
  for (const one of differences) {
    const key = JSON.stringify([one.words, one.stacks]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const name = others.length === 0 ? first.subject.name : `${first.subject.name} and ${others.length} more`;
    return [{ ...first, subject: { kind: 'other', name } }];
  });
}
