import type { Change } from './changes';
import type { Step } from './plan';

/** Signs of the operations, as diffs have them. */
const SIGNS = { replace: '±', delete: '-', update: '~', create: '+' } as const satisfies Record<Step['op'], string>;

/** What the operations are called. */
export const OPERATION_NAMES = {
  replace: 'replaced',
  delete: 'deleted',
  update: 'updated',
  create: 'added',
} as const satisfies Record<Step['op'], string>;

/** A resource as one line. */
export const titleOf = ({ op, type, name }: Step) => oneLine(`${SIGNS[op]} ${type} ${name}`);

/** A change as lines of a diff. */
export function diffLines({ path, before, after, replaces }: Change): string[] {
  const why = replaces ? '  (forces replacement)' : '';
  return [
    ...(before === undefined ? [] : [oneLine(`- ${path}: ${before}${why}`)]),
    ...(after === undefined ? [] : [oneLine(`+ ${path}: ${after}${before === undefined ? why : ''}`)]),
  ];
}

/** On one line, and without characters that cannot be seen or turn the direction of what follows. */
export const oneLine = (text: string) => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trimEnd();
