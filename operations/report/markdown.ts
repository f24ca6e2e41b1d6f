import { compareStacks } from './compare';
import type { DecisionChange } from './decisions';
import { headlineOf, LEVEL_NAMES, NOT_COMPARED, UNVERIFIED, VERDICT_NAMES, verdictOf } from './headline';
import { compareLevels } from './impact';
import { code, fenced, markdown } from './markdown-text';
import { counted, names } from './phrase';
import { diffLines, titleOf } from './resource-text';
import {
  type KeyChange,
  lacksDecisions,
  type ResourceChange,
  type StackReport,
  storiesOf,
  type Story,
} from './stack-report';

/** GitHub's limit of a comment, in characters. */
const COMMENT_LIMIT = 65_536;

/** Tells a comment of ours, so that the next run edits it. */
const COMMENT_MARK = '<!-- aios-network: preview -->';

/** A part of the comment: what is first here goes last where there is no room. */
interface Block {
  importance: number;
  text: string;
}

/** Blocks with what stands around them; without any it is left out. */
interface Section {
  before: string;
  blocks: Block[];
  after: string;
  /** What is said of blocks that had no room. */
  omitted: (count: number) => string;
}

/** The most dangerous has the most important place, and is the last to be cut. */
const IMPORTANCE = {
  head: 100,
  error: 90,
  finding: 80,
  story: 60,
  decision: 50,
  key: 40,
  difference: 45,
  diff: 10,
} as const;

/**
 * The report as the comment of a pull request: most dangerous first, within the limit, cut only at whole parts and saying so.
 *
 * @param options.limit in characters. Default: GitHub's
 * @param options.unverified whether the plans come from somebody who may not be trusted. Default: false
 */
export function markdownReport(
  reports: readonly StackReport[],
  { limit = COMMENT_LIMIT, unverified = false }: { limit?: number; unverified?: boolean } = {},
): string {
  const warning = unverified ? [section(`> [!WARNING]\n> ${UNVERIFIED}`, [])] : [];
  const sections = [head(reports), ...warning, ...differences(reports), ...reports.flatMap(stackSections)];
  return fit(sections, limit);
}

function head(reports: readonly StackReport[]): Section {
  const rows = reports.map((report) => {
    const { counts, plan } = report;
    const numbers = [counts.replace, counts.delete, counts.update, counts.create, report.restarts.length];
    const shown = plan.failed ? numbers.map(() => '?') : numbers.map((number) => (number === 0 ? '·' : String(number)));
    return `| ${code(plan.stack)} | **${VERDICT_NAMES[verdictOf(report)]}** | ${shown.join(' | ')} |`;
  });
  const table = [
    '| stack | verdict | replaced | deleted | updated | added | restarts |',
    '| :-- | :-- | --: | --: | --: | --: | --: |',
    ...rows,
  ];
  return section(`${COMMENT_MARK}\n## What this change would do`, [
    { importance: IMPORTANCE.head, text: table.join('\n') },
  ]);
}

function differences(reports: readonly StackReport[]): Section[] {
  if (reports.length < 2) return [];
  const { stacks, common, differences: all } = compareStacks(reports);
  if (all.length === 0) return [];
  const title = `### What differs between the stacks\n\n${common === 0 ? 'No change is the same in all stacks.' : `${counted(common, 'change is', 'changes are')} the same in all stacks; these are not:`}\n\n| change | ${stacks.map(code).join(' | ')} |\n| :-- | ${stacks.map(() => ':-:').join(' | ')} |`;
  const blocks = all.map(({ who, words, stacks: own }) => ({
    importance: IMPORTANCE.difference,
    text: `| ${markdown(who)} ${markdown(words)} | ${stacks.map((stack) => (own.includes(stack) ? 'yes' : '–')).join(' | ')} |`,
  }));
  return [rows(title, blocks)];
}

function stackSections(report: StackReport): Section[] {
  const { plan } = report;
  const stories = storiesOf(report);
  const title = `### Stack ${code(plan.stack)}\n\n${alert(report)}`;
  return [
    section(title, []),
    ...list(plan.errors.map(errorBlock), 'error'),
    ...list(
      (report.findings?.findings ?? []).map(findingBlock),
      'finding of the guardrails',
      'findings of the guardrails',
    ),
    ...list(stories.map(storyBlock), 'further change'),
    ...decisionSections(report),
    ...keySections(report.keys, plan.failed),
    ...diffSections(report.subjects.flatMap(({ resources }) => resources)),
  ];
}

function alert(report: StackReport): string {
  const kinds = {
    failed: 'CAUTION',
    dangerous: 'CAUTION',
    careful: 'WARNING',
    harmless: 'NOTE',
    nothing: 'NOTE',
  } as const;
  return `> [!${kinds[verdictOf(report)]}]\n> ${markdown(headlineOf(report))}`;
}

function errorBlock({ text, name }: StackReport['plan']['errors'][number]): Block {
  const about = name === undefined ? '' : `${code(name)}:\n`;
  return { importance: IMPORTANCE.error, text: `${about}${fenced(text.split('\n'))}` };
}

function findingBlock({
  rule,
  enforcement,
  message,
  urn,
  remedy,
}: NonNullable<StackReport['findings']>['findings'][number]): Block {
  const about = urn === undefined ? '' : ` ${code(urn.split('::').at(-1) ?? urn)}`;
  const remedied = remedy === undefined ? '' : ` Remedy: ${code(remedy)}`;
  return {
    importance: IMPORTANCE.finding,
    text: `- **${enforcement}** ${code(rule)}${about}: ${code(message)}${remedied}`,
  };
}

function storyBlock(story: Story): Block {
  const isDanger = compareLevels(story.level, 'checks') <= 0;
  const subjects = markdown(
    names(
      story.subjects.map(({ subject }) => subject.name),
      5,
    ),
  );
  const words = story.words.map(markdown).join('; ');
  const costs = story.costs.map(({ text }) => markdown(text)).join('; ');
  const causes = story.causes.slice(0, 3).map(({ resource, change }) => {
    const values = change.before === undefined ? '' : ` (${code(change.before)} → ${code(change.after ?? 'none')})`;
    return `  - because of ${code(change.path)} of ${code(resource.name)}${values}`;
  });
  const line = `- ${isDanger ? '**' : ''}${LEVEL_NAMES[story.level]}${isDanger ? '**' : ''} ${subjects}${words === '' ? '' : `: ${words}`}`;
  const cost = costs === '' ? [] : [`  - ${costs}`];
  return { importance: IMPORTANCE.story + (isDanger ? 10 : 0), text: [line, ...cost, ...causes].join('\n') };
}

function decisionSections(report: StackReport): Section[] {
  const { decisions } = report;
  if (lacksDecisions(report)) return [section(`*${markdown(NOT_COMPARED)}*`, [])];
  if (decisions === undefined) return [];
  const { changes, replayed, problems } = decisions;
  const problemBlocks = problems.map(({ policy, text }) => ({
    importance: IMPORTANCE.decision,
    text: `- policy ${code(policy)}: ${code(text)}`,
  }));
  const summary =
    changes.length === 0 ? 'No decision changes' : counted(sum(changes), 'decision changes', 'decisions change');
  const title = `#### Decisions\n\n${summary}, of ${counted(replayed, 'request')} replayed through the old and the new policies.`;
  const table = '| action | request | before | after | |\n| :-- | :-- | :-- | :-- | --: |';
  const blocks = changes.map((change) => ({ importance: IMPORTANCE.decision, text: decisionRow(change) }));
  return [
    section(title, []),
    ...(blocks.length === 0 ? [] : [rows(table, blocks)]),
    ...list(problemBlocks, 'further problem of a policy', 'further problems of policies'),
  ];
}

function decisionRow({ action, cluster, request, before, after, count }: DecisionChange): string {
  const side = ({ verdict, reason }: DecisionChange['before']) =>
    `${verdict}${reason === undefined ? '' : ` ${code(reason)}`}`;
  const where = cluster === undefined ? '' : ` in ${code(cluster)}`;
  return `| ${code(action)}${where} | ${code(request)} | ${side(before)} | **${side(after)}** | ${count === 1 ? '' : `×${count}`} |`;
}

const sum = (changes: readonly DecisionChange[]) => changes.reduce((total, { count }) => total + count, 0);

function keySections(keys: readonly KeyChange[] | undefined, failed: boolean): Section[] {
  if (keys === undefined || keys.length === 0) return [];
  const title = '#### Configuration\n\n| key | was | is | changes |\n| :-- | :-- | :-- | :-- |';
  const value = (text: string | undefined) => (text === undefined ? '*not set*' : code(text));
  const blocks = keys.map(({ change, subjects, resources }) => ({
    importance: IMPORTANCE.key,
    text: `| ${code(change.path)} | ${value(change.before)} | ${value(change.after)} | ${failed ? 'not known' : resources === 0 ? 'nothing' : `${counted(resources, 'resource')} of ${markdown(names(subjects, 3))}`} |`,
  }));
  return [rows(title, blocks)];
}

function diffSections(resources: readonly ResourceChange[]): Section[] {
  if (resources.length === 0) return [];
  const blocks = resources.map(({ step, impact }) => {
    const lines = step.op === 'create' ? [] : step.changes.flatMap(diffLines);
    return {
      importance: IMPORTANCE.diff - compareLevels(impact.level, 'data') / 10,
      text: fenced([titleOf(step), ...lines], 'diff'),
    };
  });
  return [
    {
      before: `<details><summary>Full diff of ${counted(resources.length, 'resource')}</summary>`,
      blocks,
      after: '</details>',
      omitted: (count) =>
        `*${counted(count, 'further resource has', 'further resources have')} no room here; the page of the report shows all of them.*`,
    },
  ];
}

const section = (before: string, blocks: Block[]): Section => ({ before, blocks, after: '', omitted: () => '' });

function list(blocks: Block[], one: string, many = `${one}s`): Section[] {
  if (blocks.length === 0) return [];
  return [
    {
      before: '',
      blocks,
      after: '',
      omitted: (count) => `*And ${counted(count, one, many)}, for which there is no room here.*`,
    },
  ];
}

/** Rows of a table: no empty line may stand between them. */
function rows(head: string, blocks: Block[]): Section {
  return {
    before: head,
    blocks,
    after: '',
    omitted: (count) => `*And ${counted(count, 'further row')}, for which there is no room here.*`,
  };
}

/** Room for what is said of each section's omitted blocks. */
const RESERVE = 130;

function fit(sections: readonly Section[], limit: number): string {
  const fixed = sections.reduce((total, { before, after }) => total + before.length + after.length + 6 + RESERVE, 0);
  const all = sections.flatMap(({ blocks }) => blocks);
  // Sorting is stable: of equal importance what comes first stays longest.
  const kept = new Set<Block>();
  let room = limit - fixed;
  for (const block of all.toSorted((one, other) => other.importance - one.importance)) {
    // One that is too large leaves its room to others.
    if (block.text.length + 2 > room) continue;
    room -= block.text.length + 2;
    kept.add(block);
  }
  return `${sections.map((one) => written(one, kept)).join('\n\n')}\n`;
}

function written({ before, blocks, after, omitted }: Section, kept: ReadonlySet<Block>): string {
  const own = blocks.filter((block) => kept.has(block));
  const missing = blocks.length - own.length;
  const isTable = own.some(({ text }) => text.startsWith('| '));
  const isList = own.every(({ text }) => text.startsWith('- '));
  const body = own.map(({ text }) => text).join(isTable || isList ? '\n' : '\n\n');
  const isHeadOfTable = isTable && before.endsWith('|');
  const parts = [isHeadOfTable ? `${before}\n${body}` : [before, body].filter(Boolean).join('\n\n')];
  return [...parts, ...(missing === 0 ? [] : [omitted(missing)]), after].filter(Boolean).join('\n\n');
}
