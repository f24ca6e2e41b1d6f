import { counted, type Phrase, say } from './phrase';
import type { Level } from './impact';
import { type StackReport, storiesOf, worstLevel } from './stack-report';

/** How much care a change needs. */
export type Verdict = 'failed' | 'dangerous' | 'careful' | 'harmless' | 'nothing';

/** What is said of plans that nobody vouches for. */
export const UNVERIFIED =
  'These plans were made by a run without credentials, of a change by somebody who may not be trusted: read them as what that person says, and the change itself.';

/** What is said of policies that change where no decisions were replayed. */
export const NOT_COMPARED: Phrase = [
  'Decisions were not compared: ',
  { code: 'make preview REPORT=… BASE=main' },
  ' replays requests through the policies of main and these.',
];

/** What levels are called. */
export const LEVEL_NAMES = {
  data: 'data at risk',
  outage: 'outage',
  checks: 'fewer checks',
  restart: 'restart',
  'left behind': 'left behind',
  'in place': 'in place',
  added: 'added',
} as const satisfies Record<Level, string>;

/** What verdicts are called. */
export const VERDICT_NAMES = {
  failed: 'failed',
  dangerous: 'dangerous',
  careful: 'with care',
  harmless: 'harmless',
  nothing: 'no change',
} as const satisfies Record<Verdict, string>;

/** What a stack's change comes to. */
export function verdictOf(report: StackReport): Verdict {
  if (report.plan.failed) return 'failed';
  const mandatory = report.findings?.findings.some(({ enforcement }) => enforcement === 'mandatory') ?? false;
  const worst = worstLevel(report);
  if (mandatory || worst === 'data' || worst === 'outage') return 'dangerous';
  const needsCare = worst === 'checks' || worst === 'restart' || worst === 'left behind';
  if (needsCare || (report.decisions?.changes.length ?? 0) > 0) return 'careful';
  return worst === undefined ? 'nothing' : 'harmless';
}

/** A stack's change in a sentence: what one would ask first. */
export function headlineOf(report: StackReport): Phrase {
  const { plan, counts, restarts } = report;
  if (plan.failed) return say`The preview failed: what the change would do is not known.`;
  if (plan.steps.length === 0) return say`Nothing changes.`;
  const dangers = (['data', 'outage', 'checks'] as const).flatMap((level) => {
    const own = storiesOf(report).filter((story) => story.level === level);
    const subjects = own.reduce((sum, story) => sum + story.subjects.length, 0);
    return subjects === 0 ? [] : [DANGERS[level](subjects)];
  });
  const gone = counts.replace + counts.delete;
  const rest = counts.create + counts.update;
  return [
    sentence([
      ...dangers,
      ...(dangers.length === 0 && restarts.length === 0
        ? [`${counted(rest + gone, 'resource')} ${rest + gone === 1 ? 'changes' : 'change'} in place`]
        : []),
      restarts.length === 0
        ? 'nothing restarts'
        : `${counted(restarts.length, 'workload')} ${restarts.length === 1 ? 'restarts' : 'restart'}`,
      gone === 0
        ? 'nothing is replaced or deleted'
        : `${counted(gone, 'resource')} ${gone === 1 ? 'is' : 'are'} replaced or deleted`,
    ]),
  ];
}

const DANGERS = {
  data: () => 'data is at risk',
  outage: (count: number) =>
    `${counted(count, 'part')} of the network ${count === 1 ? 'is' : 'are'} away for a while or for good`,
  checks: () => 'less is checked than before',
} as const;

function sentence(parts: readonly string[]): string {
  const text = parts.join(', ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
