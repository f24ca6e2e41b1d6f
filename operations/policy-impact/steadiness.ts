import { isDeepStrictEqual } from 'node:util';
import { callRuleOften, type RuleAnswer } from '../../policies/runner';
import { groupBy } from '../group-by';
import type { Asked, RunLimits } from './questions';
import type { Note } from './result';

/** Of each rule's code so many questions are asked again. */
const SAMPLE = 40;

/** Hours by which the clock is put on: another time of the same day, another day of the week, another year. */
const LATER = [11, 84, 8_000];

/** How often a sample is asked again at the same time. Python chooses its hashes anew in each process. */
const AGAIN = 5;

/**
 * Asks rules some of their questions once more, in other processes and at other times: one that does not answer the same at
 * the same time decides by chance, and of one that does so later the time is a part of the question.
 */
export async function steadinessOf(asked: readonly Asked[], limits: RunLimits): Promise<Note[]> {
  const answered = asked.filter(({ answer }) => 'result' in answer);
  const ofCode = [...groupBy(answered, ({ sha256 }) => sha256).values()];
  const notes = await Promise.all(ofCode.map((questions) => steadiness(sampleOf(questions), limits)));
  return notes.flat();
}

async function steadiness(sample: readonly Asked[], limits: RunLimits): Promise<Note[]> {
  const [first] = sample;
  if (!first) return [];
  const answersAt = (hours: number) => {
    const calls = sample.map(({ call }) => ({ ...call, now: call.now + hours * 3_600 }));
    return callRuleOften(first.archive, calls, { ...limits, offline: true, giveUpAfter: 1 });
  };
  const often = (hours: number) => Promise.all(Array.from({ length: AGAIN }, () => answersAt(hours)));
  const given = sample.map(({ answer }) => answer);
  const later = await Promise.all(LATER.map(answersAt));
  const moved = later.findIndex((answers) => differing(given, answers) > 0);
  // What differs later may do so by chance: then it does at that time, too.
  const again = [
    ...(await often(0)).map((answers) => differing(given, answers)),
    ...(moved < 0 ? [] : (await often(LATER[moved] ?? 0)).map((answers) => differing(later[moved] ?? [], answers))),
  ];
  const most = Math.max(...again);
  const { rule: policy } = first;
  if (most > 0) {
    const text = `does not decide the same twice: asked again, ${most} of ${sample.length} answers were others, so what is compared here may differ by chance`;
    return [{ severity: 'warning', policy, text }];
  }
  if (moved < 0) return [];
  return [{ severity: 'info', policy, text: 'decides by the time, too; requests that name none are asked as of now' }];
}

function differing(some: readonly RuleAnswer[], others: readonly RuleAnswer[]): number {
  return some.filter((answer, index) => !isSame(answer, others[index])).length;
}

function isSame(one: RuleAnswer, other: RuleAnswer | undefined): boolean {
  if (!other || 'failure' in one || 'failure' in other) return false;
  return isDeepStrictEqual(one.result, other.result);
}

/** Some of them, from the beginning to the end. */
function sampleOf(asked: readonly Asked[]): Asked[] {
  const step = Math.max(1, asked.length / SAMPLE);
  return asked.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}
