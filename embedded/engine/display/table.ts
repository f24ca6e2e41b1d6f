import type { Colors } from 'picocolors/types';
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
  const width = (column: 'type' | 'name' | 'status', heading: string) =>
    rows.reduce((most, row) => Math.max(most, row[column].length), heading.length);
  const widths = { type: width('type', 'Type'), name: width('name', 'Name'), status: width('status', statusTitle) };
  const lineOf = ({ type, name, status, info }: Omit<TableRow, 'op' | 'details'>, color: (text: string) => string) => {
    const known = `${type.padEnd(widths.type)}  ${name.padEnd(widths.name)}`;
    if (info === '') return status === '' ? known.trimEnd() : `${known}  ${color(status)}`;
    return `${known}  ${color(status.padEnd(widths.status))}  ${info}`;
  };
  const heading = lineOf({ type: 'Type', name: 'Name', status: statusTitle, info: 'Info' }, (text) => text);
  const lines = rows.flatMap((row) => {
    const color = row.op === 'same' ? colors.dim : paint(row.op, colors);
    return [color(` ${WORDINGS[row.op].symbol.padEnd(2)} `) + lineOf(row, color), ...row.details];
  });
  return [colors.bold(`    ${heading}`), ...lines];
}
