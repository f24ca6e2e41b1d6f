import { columns } from '../columns';
import type { Finding, FindingState } from './finding';

const MARKS: Record<FindingState, string> = { ok: 'ok', problem: 'PROBLEM', warning: 'warning', unknown: '?' };

/** The findings as a table: check, result, and below what is not fine what to do. */
export function report(stack: string, context: string, findings: readonly Finding[]): string {
  const rows = findings.map(({ check, state, result }) => [check, MARKS[state], result]);
  const lines = columns(rows).flatMap((line, index) => {
    const fix = findings[index]?.fix;
    return fix === undefined ? [line] : [line, `    -> ${fix}`];
  });
  return [`Stack ${stack} on ${context}`, '', ...lines, '', verdict(findings), ''].join('\n');
}

function verdict(findings: readonly Finding[]): string {
  const count = (state: FindingState) => findings.filter((finding) => finding.state === state).length;
  const [problems, warnings, unknown] = [count('problem'), count('warning'), count('unknown')];
  const rest = [
    ...(warnings === 0 ? [] : [`${warnings} to know of`]),
    ...(unknown === 0 ? [] : [`${unknown} could not be looked at (?)`]),
  ];
  const first = problems === 0 ? 'Nothing stands in the way' : `${problems} stand in the way`;
  return `${[first, ...rest].join('; ')}.`;
}
