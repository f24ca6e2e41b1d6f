/**
 * A sentence of ours with what users wrote in it. The two never mix: whoever writes it down, as Markdown or as HTML, can
 * tell them apart, so that a name stays a name wherever it came from.
 */
export type Phrase = readonly Segment[];

/** Our own words, or somebody else's text. */
type Segment = string | { readonly code: string };

/** What may stand between the words: texts are somebody else's, numbers ours. */
type Part = string | number | Phrase;

/** A phrase: say`${name} restarts ${3} members`. */
export function say(words: TemplateStringsArray, ...parts: readonly Part[]): Phrase {
  const segments = words.flatMap((word, index) => [word, ...segmentsOf(parts[index] ?? [])]);
  return segments.filter((segment) => segment !== '');
}

/** Phrases in a row. @param between our own words. Default: ", " */
export function listed(phrases: readonly Phrase[], between = ', '): Phrase {
  return phrases.flatMap((phrase, index) => (index === 0 ? phrase : [between, ...phrase]));
}

/** Names in a row, of many only the first ones. */
export function names(all: readonly string[], most = 6): Phrase {
  const shown = all.length > most + 1 ? all.slice(0, most) : all;
  const rest = all.length - shown.length;
  return [...listed(shown.map((name) => say`${name}`)), ...(rest === 0 ? [] : [` and ${rest} more`])];
}

/** The phrase as one text, for comparing. */
export function textOf(phrase: Phrase): string {
  return phrase.map((segment) => (typeof segment === 'string' ? segment : segment.code)).join('');
}

/** `1 member`, `3 members`. */
export const counted = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

const segmentsOf = (part: Part): Phrase => {
  if (typeof part === 'number') return [String(part)];
  return typeof part === 'string' ? [{ code: part }] : part;
};
