import type { Colors } from 'picocolors/types';
import type { Op } from './events';
import { paint, wordings } from './operations';

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
  const columns = (type: string, name: string, status: string) =>
    [type.padEnd(widths.type), name.padEnd(widths.name), status.padEnd(widths.status)] as const;
  const [type, name, status] = columns('Type', 'Name', statusTitle);
  const heading = colors.bold(`    ${type}  ${name}  ${status}  Info`);
  const lines = rows.flatMap((row) => {
    const color = row.op === 'same' ? colors.dim : paint(row.op, colors);
    const [rowType, rowName, rowStatus] = columns(row.type, row.name, row.status);
    const symbol = color(` ${wordings[row.op].symbol.padEnd(2)} `);
    return [`${symbol}${rowType}  ${rowName}  ${color(rowStatus)}  ${row.info}`.trimEnd(), ...row.details];
  });
  return [heading, ...lines];
}
