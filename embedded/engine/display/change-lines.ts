import type { Colors } from 'picocolors/types';
import { diff } from '../values/diff';
import { child, formatPath, parsePath } from '../values/paths';
import type { PropertyMap, Value } from '../values/value';
import type { SecretMask } from './mask';
import { type ChangeKind, type PropertyChange, changesOf } from './property-changes';
import type { ResourceNode } from './run-model';
import { cut, inlineText, isInline, namedValue, parseJson } from './value-text';

/** A line of a diff, indented already; its kind is its colour. */
export interface DiffLine {
  kind: ChangeKind;
  text: string;
}

const SYMBOLS = { add: '+', delete: '-', update: '~' } as const satisfies Record<ChangeKind, string>;

/** Lines of an added or deleted text that are shown, each. */
const LONGEST_TEXT_DIFF = 10;

/** One property change: a line, or a line and a block. Texts are masked before they are abbreviated. */
export function changeLines(change: PropertyChange, mask: SecretMask): DiffLine[] {
  const [old, next] = [change.old, change.new].map((value) => (value === undefined ? value : mask.applyTo(value)));
  const [first, ...rest] = valueLines(change.kind, formatPath(change.path), old, next);
  if (!first) return [];
  return change.replaces ? [{ ...first, text: `${first.text} (forces replacement)` }, ...rest] : [first, ...rest];
}

/** All properties of a resource that is to be made. */
function createdLines(inputs: PropertyMap, mask: SecretMask): DiffLine[] {
  return Object.entries(inputs)
    .filter(([key]) => !key.startsWith('__'))
    .flatMap(([key, value]) => valueLines('add', formatPath([key]), undefined, mask.applyTo(value)));
}

/** What happens to a resource's properties, in full: all of a new one, the differences of one that stays. */
export function resourceDiffLines({ op, step }: ResourceNode, mask: SecretMask, colors: Colors): string[] {
  const lines =
    op === 'create' && step.new
      ? createdLines(step.new.inputs, mask)
      : changesOf(step).flatMap((change) => changeLines(change, mask));
  return lines.map((line) => paintLine(line, colors));
}

export function paintLine({ kind, text }: DiffLine, colors: Colors): string {
  const color = { add: colors.green, delete: colors.red, update: colors.yellow }[kind];
  return color(text);
}

/** A named value that came, went or changed. */
function valueLines(kind: ChangeKind, name: string, old: Value | undefined, next: Value | undefined): DiffLine[] {
  if (kind === 'update' && old !== undefined && next !== undefined) return updateLines(name, old, next);
  const value = kind === 'delete' ? old : next;
  const lines = value === undefined ? [name] : namedValue(name, value);
  return lines.map((line, i) => ({ kind, text: i === 0 ? `${SYMBOLS[kind]} ${line}` : line }));
}

function updateLines(name: string, old: Value, next: Value): DiffLine[] {
  const head = (rest: string): DiffLine => ({ kind: 'update', text: `~ ${name}:${rest}` });
  const [oldJson, nextJson] = [parseJson(old), parseJson(next)];
  if (oldJson && nextJson) return [head(' (JSON)'), ...indent(jsonLines(oldJson, nextJson))];
  if (isInline(old) && isInline(next)) return [head(` ${inlineText(old)} => ${inlineText(next)}`)];
  if (typeof old === 'string' && typeof next === 'string') return [head(''), ...indent(textLines(old, next))];
  return [...valueLines('delete', name, old, undefined), ...valueLines('add', name, undefined, next)];
}

function jsonLines(old: PropertyMap, next: PropertyMap): DiffLine[] {
  return Object.entries(diff(old, next)).flatMap(([text, kind]) => {
    const path = parsePath(text);
    const at = (map: PropertyMap) => path.reduce<Value | undefined>(child, map);
    return valueLines(kind, text, at(old), at(next));
  });
}

/** Two texts without what they begin and end with in common. */
function textLines(old: string, next: string): DiffLine[] {
  const [before, after] = [old.split('\n'), next.split('\n')];
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const between = (lines: string[]) => cut(lines.slice(start, lines.length - end), LONGEST_TEXT_DIFF);
  return [
    ...between(before).map((line): DiffLine => ({ kind: 'delete', text: `- ${line}` })),
    ...between(after).map((line): DiffLine => ({ kind: 'add', text: `+ ${line}` })),
  ];
}

const indent = (lines: DiffLine[]) => lines.map((line) => ({ ...line, text: `    ${line.text}` }));
