import type { Colors } from 'picocolors/types';
import { columns } from '../../shared/cli/columns';
import type { Op } from './events';
import { paint, WORDINGS } from './operations';

/** A line of the table of resources. */
export interface TableRow {
  op: Op;
  /** With the guide of the tree before it. */
  type: string;
  name: string;
  status: string;
  info: string;
  /** Lines that belong to the row, coloured already. */
  details: string[];
}

/** The rows in columns below a heading. */
export function tableLines(rows: readonly TableRow[], statusTitle: 'Plan' | 'Status', colors: Colors): string[] {
  const colorOf = (op: Op) => (op === 'same' ? colors.dim : paint(op, colors));
  const cells = rows.map(({ op, type, name, status, info }) => [type, name, status && colorOf(op)(status), info]);
  const [heading = '', ...lines] = columns([['Type', 'Name', statusTitle, 'Info'], ...cells]);
  const symbol = (op: Op) => colorOf(op)(` ${WORDINGS[op].symbol.padEnd(2)} `);
  return [
    colors.bold(`    ${heading}`),
    ...rows.flatMap(({ op, details }, i) => [symbol(op) + (lines[i] ?? ''), ...details]),
  ];
}
