import { linesOf } from '../../policies/proof';
import { table } from './table';
import type { Verification } from './verify';

/** What was found out, for people, and whether anything is not as the stack wants it. */
export function report(stack: string, { rows, findings }: Verification): { text: string; differs: boolean } {
  const differing = rows.filter(({ differs }) => differs).length;
  const bad = findings.filter(({ state }) => state === 'bad').length;
  const unknown = findings.filter(({ state }) => state === 'unknown').length;
  const lines = linesOf(findings);
  const text = [
    `Governance of stack ${stack}`,
    '',
    table(rows),
    '',
    ...(lines.length === 0 ? [] : ['What is bound:', ...lines, '']),
    verdict(stack, { differing, settings: rows.length, bad }),
    ...(unknown === 0 ? [] : [`${unknown} could not be looked at from here (?).`]),
    '',
  ].join('\n');
  return { text, differs: differing + bad > 0 };
}

/** What a hand has changed the state does not know of: without a refresh an update would find nothing to do. */
function verdict(
  stack: string,
  { differing, settings, bad }: Record<'differing' | 'settings' | 'bad', number>,
): string {
  if (differing + bad === 0) return 'All agree.';
  const argument = stack === 'dev' ? '' : ` STACK=${stack}`;
  const way = `\`make refresh${argument}\` and then \`make up${argument}\``;
  return [
    ...(differing === 0 ? [] : [`${differing} of ${settings} settings differ.`]),
    ...(bad === 0 ? [] : [`${bad} of what is bound would deny, or decide otherwise.`]),
    `${way} mend what the stack made; what it only names (a URI, an executor) has to be onboarded where it comes from.`,
  ].join(' ');
}
