import type { FailureKind } from '../../policies/runner';
import { groupBy } from '../group-by';
import type { Asked, RunLimits } from './questions';
import type { Note } from './result';

/** What is told of policies that give no answer, a line for each kind of failure. */
export function troublesOf(asked: readonly Asked[], { timeLimit }: RunLimits): Note[] {
  return [...groupBy(asked, ({ rule, sha256 }) => `${rule} ${sha256}`).values()].flatMap((questions) => {
    const failures = questions.flatMap(({ answer }) => ('failure' in answer ? [answer.failure] : []));
    return [...groupBy(failures, ({ kind }) => kind)].map(([kind, [first, ...more]]): Note => ({
      severity: 'warning',
      policy: questions[0].rule,
      text: `${TEXTS[kind](timeLimit)} on ${more.length + 1} of ${questions.length} requests: ${first.message}`,
    }));
  });
}

const TEXTS: Readonly<Record<FailureKind, (timeLimit: number) => string>> = {
  raised: () => 'raises',
  late: (timeLimit) => `is slow: no answer within ${timeLimit / 1000} s`,
  ended: () => 'takes Python down',
  large: () => 'answers too much',
};
