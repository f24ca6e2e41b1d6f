import { columns } from '../columns';
import type { Finding, Section, State } from './finding';
import { table } from './governance/table';
import type { Verification } from './verify';

const MARKS: Readonly<Record<State, string>> = { good: ' ', bad: '≠', unknown: '?', unread: '?' };

/** Checks of many things: of those that are as wanted their number is told. */
const COUNTED = ['workloads', 'volumes', 'services', 'drift'];

/** What was found out, for people. */
export function report(stack: string, context: string, verification: Verification): string {
  const { rows, sections } = verification;
  return [
    `Stack ${stack} on ${context}`,
    '',
    ...(rows.length === 0 ? [] : ['Settings of governance:', table(rows), '']),
    ...sections.flatMap(linesOf),
    ...verdict(stack, verification),
    '',
  ].join('\n');
}

function linesOf({ check, findings }: Section): string[] {
  if (findings.length === 0) return [];
  const isCounted = COUNTED.includes(check);
  const told = isCounted ? findings.filter(({ state }) => state !== 'good') : findings;
  const lines = atMost(told);
  const count = isCounted ? ` ${findings.length - told.length} of ${findings.length} as wanted` : '';
  return [`${check[0]?.toUpperCase() ?? ''}${check.slice(1)}:${count}`, ...lines, ''];
}

/** Lines of what could not be read: who lacks a right for one object lacks it for all. */
const MOST_UNREAD = 3;

function atMost(findings: readonly Finding[]): string[] {
  const unread = findings.filter(({ state }) => state === 'unread');
  const left = unread.slice(MOST_UNREAD);
  const lines = columns(findings.filter((finding) => !left.includes(finding)).map(cellsOf));
  return left.length === 0 ? lines : [...lines, `? and ${left.length} more that could not be read`];
}

const cellsOf = ({ state, subject, text }: Finding) => [`${MARKS[state]} ${subject}`, text];

/** What a hand has changed the state does not know of: without a refresh an update would find nothing to do. */
function verdict(stack: string, { rows, sections }: Verification): string[] {
  const count = (wanted: State) =>
    sections.flatMap(({ findings }) => findings).filter(({ state }) => state === wanted).length;
  const wrong = count('bad') + rows.filter(({ differs }) => differs).length;
  const argument = stack === 'dev' ? '' : ` STACK=${stack}`;
  return [
    ...(wrong === 0
      ? [count('unread') === 0 ? 'All agree.' : 'What could be read agrees.']
      : [
          `${wrong} not as wanted (≠). \`make refresh${argument}\` and then \`make up${argument}\` mend what a hand has changed of ` +
            'what the stack made;',
          'what it only names (a URI, an executor, an image) has to be there. Backups: docs/backup.md; all else: docs/operations.md.',
        ]),
    ...(count('unknown') === 0 ? [] : [`${count('unknown')} could not be looked at from here (?).`]),
    ...(count('unread') === 0
      ? []
      : [`${count('unread')} could not be read: a right is missing, or nobody answered (?).`]),
  ];
}
