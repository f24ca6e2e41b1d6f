import { element, escapeXml } from '../../markup';
import type { Phrase } from '../phrase';

/** A phrase as HTML. */
export function html(phrase: Phrase): string {
  return phrase
    .map((segment) => (typeof segment === 'string' ? escapeXml(segment) : element('code', {}, escapeXml(segment.code))))
    .join('');
}

/** Somebody else's text. */
export const code = (text: string) => element('code', {}, escapeXml(text));

/** What may be wider than the page: it scrolls by itself, with the keyboard too. */
export const scrolling = (label: string, content: string) =>
  element('div', { class: 'scroll', role: 'region', 'aria-label': label, tabindex: 0 }, content);

/**
 * A table; the first cell of a row names it.
 * @param heads texts. @param rows markup
 * @param options.numbers the column from which on cells are numbers
 */
export function table(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  { caption, numbers = Infinity }: { caption: string; numbers?: number },
): string {
  const classOf = (column: number) => (column >= numbers ? 'number' : undefined);
  return element('table', {}, [
    element('caption', { class: 'unseen' }, escapeXml(caption)),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        heads.map((head, column) => element('th', { scope: 'col', class: classOf(column) }, escapeXml(head))),
      ),
    ),
    element(
      'tbody',
      {},
      rows.map((cells) =>
        element(
          'tr',
          {},
          cells.map((cell, column) =>
            column === 0 ? element('th', { scope: 'row' }, cell) : element('td', { class: classOf(column) }, cell),
          ),
        ),
      ),
    ),
  ]);
}
