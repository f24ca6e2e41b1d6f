import type { Phrase } from './phrase';
import { oneLine } from './resource-text';

/**
 * Everything that means something to Markdown, to HTML, or to a forge (mentions, issues, emoji) as an entity. An entity is
 * a plain character to all of them, and a forge looks for mentions nowhere in code.
 */
const MEANINGFUL = /[^A-Za-z0-9 .,/=;→…-]/gu;

/** Names end long before, and a comment has room for others. */
const LONGEST = 1_000;

/** Somebody else's text, wherever it is put: as code, on one line. */
export function code(text: string): string {
  const line = oneLine(text).trim();
  const shown = line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
  return `<code>${shown.replace(MEANINGFUL, (character) => `&#${character.codePointAt(0) ?? 32};`)}</code>`;
}

/** A phrase as Markdown. */
export function markdown(phrase: Phrase): string {
  return phrase.map((segment) => (typeof segment === 'string' ? segment : code(segment.code))).join('');
}

/** A block that shows its lines as they are, whatever they hold. */
export function fenced(lines: readonly string[], language = ''): string {
  const text = lines.map(oneLine).join('\n');
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
