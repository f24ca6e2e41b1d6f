import type { Difference } from './compare/difference';
import type { Verdict } from './compare/known';

/** How a scenario went. */
export interface Result {
  readonly name: string;
  readonly seconds: number;
  readonly verdict: Verdict;
  /** What kept it from being tried to its end. */
  readonly error?: string;
}

export const isPassed = ({ verdict, error }: Result) =>
  error === undefined && verdict.unknown.length === 0 && verdict.gone.length === 0;

/** What a scenario found, for people. Empty if it passed. */
export function findings({ verdict, error }: Result): string {
  return [
    ...verdict.unknown.map(differenceText),
    ...verdict.gone.map(
      ({ reason, subject, where }) =>
        `  a known difference no longer occurs; remove it from known-differences.ts:\n    ${[where, subject].filter(Boolean).join(' ')} ${reason}\n`,
    ),
    ...(error === undefined ? [] : [`  ${error.trimEnd().replace(/\n/g, '\n  ')}\n`]),
  ].join('');
}

function differenceText({ where, subject, embedded, cli }: Difference): string {
  return `  ${where}: ${subject}\n    embedded engine: ${indented(embedded)}\n    pulumi CLI:      ${indented(cli)}\n`;
}

const indented = (text: string) => text.replace(/\n/g, `\n${' '.repeat(21)}`);

/** The table of all scenarios, and the line that counts them. */
export function table(results: readonly Result[]): string {
  const rows = results.map((result) => [result.name, outcome(result), result.seconds.toFixed(0)]);
  const header = ['scenario', 'result', 'seconds'];
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === 2 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  const failed = results.filter((result) => !isPassed(result)).length;
  const total = `${results.length - failed} passed, ${failed} failed`;
  return [line(header), ...rows.map(line), '', total, ''].join('\n');
}

function outcome({ verdict: { unknown, known, gone }, error }: Result): string {
  const parts = [
    ...(unknown.length > 0 ? [plural(unknown.length, 'difference')] : []),
    ...(gone.length > 0 ? [`${gone.length} known no longer`] : []),
    ...(error === undefined ? [] : ['could not be tried']),
  ];
  if (parts.length > 0) return `failed: ${parts.join(', ')}`;
  return known > 0 ? `passed, ${known} known` : 'passed';
}

const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;
