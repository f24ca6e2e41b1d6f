import { names, type Phrase } from './phrase';
import { type StackReport, storiesOf } from './stack-report';

/** A change that some of the stacks have, and others not. */
interface Difference {
  /** Whom it comes to. */
  who: Phrase;
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
  const found = new Map<string, Found>();
  for (const report of reports) {
    for (const { subject, words } of storiesOf(report).flatMap(({ subjects }) => subjects)) {
      for (const phrase of words) {
        const key = JSON.stringify([subject, phrase]);
        const known = found.get(key) ?? { name: subject.name, words: phrase, stacks: [] };
        found.set(key, { ...known, stacks: [...known.stacks, report.plan.stack] });
      }
    }
  }
  const all = [...found.values()];
  const isCommon = (one: Found) => one.stacks.length === stacks.length;
  return { stacks, common: all.filter(isCommon).length, differences: alike(all.filter((one) => !isCommon(one))) };
}

/** A difference of one service. */
type Found = Omit<Difference, 'who'> & { name: string };

/** Of many services with the same change, one line. */
function alike(differences: readonly Found[]): Difference[] {
  const groups = new Map<string, Found[]>();
  for (const one of differences) {
    const key = JSON.stringify([one.words, one.stacks]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const who = names(
      group.map(({ name }) => name),
      3,
    );
    return [{ who, words: first.words, stacks: first.stacks }];
  });
}
