import type { Colors } from 'picocolors/types';
import type { Op, Operation } from './events';

interface Wording {
  symbol: string;
  color: 'green' | 'yellow' | 'red' | 'magenta' | 'cyan' | 'dim';
  /** In previews, and as a noun. */
  plan: string;
  running: string;
  done: string;
}

/** How each operation looks, in the CLI's symbols, words and colours. */
export const WORDINGS = {
  same: { symbol: ' ', color: 'dim', plan: 'same', running: 'checking', done: 'unchanged' },
  create: { symbol: '+', color: 'green', plan: 'create', running: 'creating', done: 'created' },
  update: { symbol: '~', color: 'yellow', plan: 'update', running: 'updating', done: 'updated' },
  delete: { symbol: '-', color: 'red', plan: 'delete', running: 'deleting', done: 'deleted' },
  replace: { symbol: '+-', color: 'magenta', plan: 'replace', running: 'replacing', done: 'replaced' },
  'delete-replaced': {
    symbol: '--',
    color: 'magenta',
    plan: 'delete original',
    running: 'deleting original',
    done: 'deleted original',
  },
  refresh: { symbol: '>>', color: 'yellow', plan: 'refresh', running: 'refreshing', done: 'refreshed' },
} as const satisfies Record<Op, Wording>;

export function paint(op: Op, colors: Colors): (text: string) => string {
  return colors[WORDINGS[op].color];
}

const TITLES = {
  preview: { now: 'Previewing update', plan: 'Previewing update', noun: 'preview' },
  update: { now: 'Updating', plan: 'Previewing update', noun: 'update' },
  refresh: { now: 'Refreshing', plan: 'Previewing refresh', noun: 'refresh' },
  destroy: { now: 'Destroying', plan: 'Previewing destroy', noun: 'destroy' },
} as const satisfies Record<Operation, object>;

export function title(operation: Operation, stack: string, preview: boolean): string {
  return `${TITLES[operation][preview ? 'plan' : 'now']} (${stack})`;
}

export const noun = (operation: Operation) => TITLES[operation].noun;
