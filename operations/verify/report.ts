import { linesOf } from '../../policies/proof';
import { table } from './table';
import type { Verification } from './verify';

/** What was found out, for people, and whether anything is not as the stack wants it. */
export function report(stack: string, { rows, findings, backups }: Verification): { text: string; differs: boolean } {
  const differing = rows.filter(({ differs }) => differs).length;
  const bad = findings.filter(({ state }) => state === 'bad').length;
  const late = backups.filter(({ state }) => state === 'bad').length;
  const unknown = [...findings, ...backups].filter(({ state }) => state === 'unknown').length;
  const lines = linesOf(findings);
  const text = [
    `Governance of stack ${stack}`,
    '',
    table(rows),
    '',
    ...(lines.length === 0 ? [] : ['What is bound:', ...lines, '']),
    ...(backups.length === 0 ? [] : ['Backups:', ...linesOf(backups), '']),
    verdict(stack, { differing, settings: rows.length, bad, late }),
    ...(unknown === 0 ? [] : [`${unknown} could not be looked at from here (?).`]),
    '',
  ].join('\n');
  return { text, differs: differing + bad + late > 0 };
}

/** What a hand has changed the state does not know of: without a refresh an update would find nothing to do. */
function verdict(
  stack: string,
  { differing, settings, bad, late }: Record<'differing' | 'settings' | 'bad' | 'late', number>,
): string {
  const backups = late === 0 ? [] : [`${late} of the databases lack a backup of late: docs/backup.md.`];
  if (differing + bad === 0) return backups[0] ?? 'All agree.';
  const argument = stack === 'dev' ? '' : ` STACK=${stack}`;
  const way = `\`make refresh${argument}\` and then \`make up${argument}\``;
  return [
    ...(differing === 0 ? [] : [`${differing} of ${settings} settings differ.`]),
    ...(bad === 0 ? [] : [`${bad} of what is bound would deny, or decide otherwise.`]),
    `${way} mend what the stack made; what it only names (a URI, an executor) has to be onboarded where it comes from.`,
    ...backups,
  ].join(' ');
}
