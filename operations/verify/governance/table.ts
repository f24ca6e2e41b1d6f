import type { Row } from './settings';

const heads: Row = {
  setting: 'setting',
  wanted: 'wanted',
  deployment: 'Deployment',
  running: 'running',
  differs: false,
};

const COLUMNS = ['setting', 'wanted', 'deployment', 'running'] as const;

/** The rows in columns; what differs is marked at the beginning of its line. */
export function table(rows: readonly Row[]): string {
  const widths = COLUMNS.map((column) => Math.max(...[heads, ...rows].map((row) => row[column].length)));
  const line = (row: Row) => {
    const cells = COLUMNS.map((column, index) => row[column].padEnd(widths[index] ?? 0));
    return `${row.differs ? '≠' : ' '} ${cells.join('  ')}`.trimEnd();
  };
  return [heads, ...rows].map(line).join('\n');
}
