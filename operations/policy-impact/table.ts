import type { Colors } from 'picocolors/types';
import { columns } from '../columns';
import { type ChangedDecision, type ChangedPoint, KINDS, kindOf, type PolicyImpact, type Verdict } from './result';

/** How many decisions are shown of each kind; the others are counted. */
const MOST = 20;

const LONGEST = 70;

/** What the gateway would decide otherwise, for people. */
export function table(impact: PolicyImpact, colors: Colors): string {
  const { stack, base, changed, requests, decisions, notes } = impact;
  const lines = [
    `Decisions of stack ${stack} that differ from those in ${base}`,
    '',
    ...(changed.length === 0 ? [] : [...columns(changed.map(pointCells)), '']),
    summary(impact),
    ...KINDS.flatMap((kind) => {
      const same = decisions.filter((decision) => kindOf(decision) === kind);
      if (same.length === 0) return [];
      const more = same.length > MOST ? [`  and ${same.length - MOST} more (--json tells all)`] : [];
      const rows = same.slice(0, MOST).flatMap(decisionLines);
      return ['', colors.bold(`${capital(kind)}: ${same.length}`), ...rows, ...more];
    }),
    ...(notes.length === 0 ? [] : ['', colors.bold('To be known:')]),
    ...notes.map(({ severity, policy, text }) => {
      const mark = severity === 'warning' ? colors.yellow('!') : ' ';
      return `${mark} ${policy} ${text}`;
    }),
  ];
  if (requests === 0 && changed.length > 0)
    lines.push('', 'No request is at hand for what has changed: add some to stacks/requests.');
  return `${lines.join('\n')}\n`;
}

function summary({ changed, requests, decisions, notes }: PolicyImpact): string {
  if (changed.length === 0)
    return notes.length === 0
      ? 'No binding, parameter, setting or rule of the stack has changed.'
      : 'Nothing was replayed.';
  const places = `${changed.length} place${changed.length === 1 ? '' : 's'}`;
  return `Of ${requests} requests to ${places} that changed, ${decisions.length === 0 ? 'none is' : `${decisions.length} are`} decided otherwise.`;
}

function pointCells({ action, cluster, what, before, after, asked }: ChangedPoint): string[] {
  const unasked = asked ? '' : ', which the gateway does not ask';
  return [cluster ?? 'network', action, `${what.join(', ')}${unasked}`, `${cut(before)}  ->  ${cut(after)}`];
}

function decisionLines({ action, request, source, before, after, times }: ChangedDecision): string[] {
  const often = times > 1 ? `, ${times} times` : '';
  return [
    `  ${action}: ${cut(request)}${often}`,
    `      ${said(before)}  ->  ${said(after)}`,
    `      from ${cut(source)}`,
  ];
}

function said({ outcome, policy, reason }: Verdict): string {
  if (policy === undefined) return 'allowed, nothing is asked';
  return cut(reason === undefined ? outcome : `${outcome}: ${reason}`);
}

/** On a line, and without what a terminal would obey. */
function cut(text: string): string {
  // eslint-disable-next-line no-control-regex -- a policy may say anything
  const plain = text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST - 1)}…` : plain;
}

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
