import { element, escapeXml } from '../../markup';
import { compareStacks } from '../compare';
import { headlineOf, UNVERIFIED, VERDICT_NAMES, verdictOf } from '../headline';
import { counted } from '../phrase';
import type { StackReport } from '../stack-report';
import { html, scrolling, table } from './parts';
import { stackSection } from './stack';
import { PAGE_STYLE } from './style';

/** Nothing of the page may reach out, and nothing in it may run: what it shows was written by many hands. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/**
 * The report as one HTML page that needs nothing else: no script, no font, no picture from elsewhere.
 *
 * @param options.unverified whether the plans come from somebody who may not be trusted. Default: false
 */
export function htmlReport(reports: readonly StackReport[], { unverified = false } = {}): string {
  const title = `What this change would do: ${reports.map(({ plan }) => plan.stack).join(', ')}`;
  const headTags = [
    element('meta', { charset: 'utf-8' }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('meta', { 'http-equiv': 'Content-Security-Policy', content: POLICY }),
    element('meta', { name: 'color-scheme', content: 'light dark' }),
    element('title', {}, escapeXml(title)),
    element('style', {}, PAGE_STYLE),
  ];
  const body = [
    element('a', { class: 'skip', href: '#main' }, 'Skip to the changes'),
    element('header', {}, [
      element('h1', {}, 'What this change would do'),
      unverified ? element('p', { class: 'story checks' }, UNVERIFIED) : '',
      summary(reports),
    ]),
    element('main', { id: 'main', tabindex: -1 }, [differences(reports), ...reports.map(stackSection)]),
  ];
  return `<!doctype html>\n${element('html', { lang: 'en' }, [element('head', {}, headTags), element('body', {}, body)])}\n`;
}

function summary(reports: readonly StackReport[]): string {
  const rows = reports.map((report) => {
    const { plan, counts, restarts } = report;
    const verdict = verdictOf(report);
    const numbers = [counts.replace, counts.delete, counts.update, counts.create, restarts.length];
    return [
      element('a', { href: `#stack-${plan.stack}` }, escapeXml(plan.stack)),
      element('span', { class: `verdict ${verdict}` }, VERDICT_NAMES[verdict]),
      html(headlineOf(report)),
      ...numbers.map((number) => (plan.failed ? '?' : number === 0 ? '·' : String(number))),
    ];
  });
  const heads = ['Stack', 'Verdict', 'In a sentence', 'Replaced', 'Deleted', 'Updated', 'Added', 'Restarts'];
  return scrolling('All stacks', table(heads, rows, { caption: 'All stacks', numbers: 3 }));
}

function differences(reports: readonly StackReport[]): string {
  if (reports.length < 2) return '';
  const { stacks, common, differences: all } = compareStacks(reports);
  if (all.length === 0) return '';
  const rows = all.map(({ who, words, stacks: own }) => [
    `${html(who)} ${html(words)}`,
    ...stacks.map((stack) => (own.includes(stack) ? 'yes' : '–')),
  ]);
  const said =
    common === 0
      ? 'No change is the same in all stacks.'
      : `${counted(common, 'change is', 'changes are')} the same in all stacks.`;
  return element('section', { 'aria-labelledby': 'differences' }, [
    element('h2', { id: 'differences' }, 'What differs between the stacks'),
    element('p', {}, said),
    scrolling(
      'What differs',
      table(['Change', ...stacks.map((stack) => stack)], rows, { caption: 'What differs between the stacks' }),
    ),
  ]);
}
