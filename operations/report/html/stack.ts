import { element, escapeXml } from '../../markup';
import type { Decisions } from '../decisions';
import type { Findings } from '../findings';
import { headlineOf, LEVEL_NAMES, NOT_COMPARED, VERDICT_NAMES, verdictOf } from '../headline';
import type { Plan } from '../plan';
import { counted, names } from '../phrase';
import { diffLines, OPERATION_NAMES, titleOf } from '../resource-text';
import {
  type KeyChange,
  lacksDecisions,
  type ResourceChange,
  type StackReport,
  storiesOf,
  type Story,
} from '../stack-report';
import { code, html, scrolling, table } from './parts';

/** All about one stack, what matters most first. */
export function stackSection(report: StackReport): string {
  const { plan, keys, decisions, findings, picture } = report;
  const id = `stack-${plan.stack}`;
  const verdict = verdictOf(report);
  return element('section', { 'aria-labelledby': id }, [
    element('h2', { id }, [
      `Stack ${escapeXml(plan.stack)} `,
      element('span', { class: `verdict ${verdict}` }, VERDICT_NAMES[verdict]),
    ]),
    element('p', { class: 'headline' }, html(headlineOf(report))),
    errors(plan),
    findings === undefined ? '' : guardrails(findings),
    storyList(report),
    lacksDecisions(report) ? element('p', { class: 'cost' }, html(NOT_COMPARED)) : '',
    decisions === undefined ? '' : decisionTable(decisions),
    keys === undefined || keys.length === 0 ? '' : keyTable(keys, plan.failed),
    picture === undefined ? '' : figure(picture, plan.stack),
    fullDiff(
      report.subjects.flatMap(({ resources }) => resources),
      plan,
    ),
  ]);
}

function errors({ errors: all, warnings }: Plan): string {
  const message =
    (kind: string) =>
    ({ text, name }: Plan['errors'][number]) =>
      element('div', { class: `message ${kind}` }, [
        name === undefined ? '' : element('p', {}, code(name)),
        element('pre', {}, escapeXml(text)),
      ]);
  return [...all.map(message('error')), ...warnings.map(message('warning'))].join('');
}

function guardrails({ findings }: Findings): string {
  if (findings.length === 0) return '';
  const items = findings.map(({ rule, enforcement, message, urn, remedy }) =>
    element('li', { class: enforcement === 'mandatory' ? 'story data' : 'story checks' }, [
      element('p', {}, [
        element('span', { class: 'level' }, enforcement),
        ` ${code(rule)} ${urn === undefined ? '' : code(urn.split('::').at(-1) ?? urn)}`,
      ]),
      element('p', {}, escapeXml(message)),
      remedy === undefined ? '' : element('p', { class: 'cost' }, `Remedy: ${escapeXml(remedy)}`),
    ]),
  );
  return element('h3', {}, 'Guardrails') + element('ul', { class: 'stories' }, items);
}

function storyList(report: StackReport): string {
  const stories = storiesOf(report);
  if (stories.length === 0) return '';
  return (
    element('h3', {}, 'Changes, the most dangerous first') + element('ul', { class: 'stories' }, stories.map(storyItem))
  );
}

function storyItem({ level, subjects, words, costs, causes }: Story): string {
  const shown = names(
    subjects.map(({ subject }) => subject.name),
    8,
  );
  return element('li', { class: `story ${level.replace(' ', '-')}` }, [
    element('p', {}, [
      element('span', { class: 'level' }, LEVEL_NAMES[level]),
      ' ',
      element('span', { class: 'who' }, html(shown)),
    ]),
    words.length === 0 ? '' : element('p', {}, words.map(html).join('; ')),
    costs.length === 0 ? '' : element('p', { class: 'cost' }, costs.map(({ text }) => html(text)).join('; ')),
    ...causes.map(({ resource, change }) =>
      element('p', { class: 'cause' }, [
        `because of ${code(change.path)} of ${code(resource.name)}`,
        change.before === undefined
          ? ''
          : `: ${code(change.before)} → ${change.after === undefined ? 'none' : code(change.after)}`,
      ]),
    ),
  ]);
}

function decisionTable({ changes, replayed, problems }: Decisions): string {
  const side = ({ verdict, reason }: Decisions['changes'][number]['before']) =>
    `${element('strong', {}, verdict)}${reason === undefined ? '' : ` ${escapeXml(reason)}`}`;
  const rows = changes.map(({ action, cluster, request, before, after, count }) => [
    `${code(action)}${cluster === undefined ? '' : ` in ${code(cluster)}`}`,
    code(request),
    side(before),
    side(after),
    String(count),
  ]);
  const total = changes.reduce((sum, { count }) => sum + count, 0);
  const said = total === 0 ? 'No decision changes' : counted(total, 'decision changes', 'decisions change');
  return [
    element('h3', {}, 'Decisions of the policies'),
    element('p', {}, `${said}, of ${counted(replayed, 'request')} replayed through the old and the new policies.`),
    problems.length === 0
      ? ''
      : element(
          'ul',
          {},
          problems.map(({ policy, text }) => element('li', {}, `policy ${code(policy)}: ${escapeXml(text)}`)),
        ),
    rows.length === 0
      ? ''
      : scrolling(
          'Decisions',
          table(['Action', 'Request', 'Before', 'After', 'Requests'], rows, {
            caption: 'Decisions that change',
            numbers: 4,
          }),
        ),
  ].join('');
}

function keyTable(keys: readonly KeyChange[], failed: boolean): string {
  const value = (text: string | undefined) => (text === undefined ? element('em', {}, 'not set') : code(text));
  const rows = keys.map(({ change, subjects, resources }) => [
    code(change.path),
    value(change.before),
    value(change.after),
    failed
      ? 'not known'
      : resources === 0
        ? 'nothing'
        : `${counted(resources, 'resource')} of ${html(names(subjects))}`,
  ]);
  return (
    element('h3', {}, 'Configuration') +
    scrolling(
      'Configuration',
      table(['Key', 'Was', 'Is', 'Changes'], rows, { caption: 'Keys of the configuration that changed' }),
    )
  );
}

function figure(picture: string, stack: string): string {
  return element('figure', {}, [
    element('figcaption', {}, element('h3', {}, 'Where it happens')),
    scrolling(`Topology of stack ${stack}`, picture),
  ]);
}

function fullDiff(resources: readonly ResourceChange[], { unchanged }: Plan): string {
  if (resources.length === 0) return '';
  const items = resources.map(({ step, impact }) =>
    element('section', { class: 'resource' }, [
      element('h4', {}, code(titleOf(step))),
      element('p', { class: 'cost' }, [OPERATION_NAMES[step.op], ': ', html(impact.text)]),
      step.changes.length === 0 ? '' : element('pre', {}, step.changes.flatMap(diffLines).map(diffLine).join('\n')),
    ]),
  );
  const rest = unchanged === 0 ? '' : `; ${counted(unchanged, 'other')} stay as they are`;
  return element('details', {}, [
    element('summary', {}, `Full diff of ${counted(resources.length, 'resource')}${rest}`),
    ...items,
  ]);
}

function diffLine(line: string): string {
  return element(line.startsWith('-') ? 'del' : 'ins', {}, escapeXml(line));
}
