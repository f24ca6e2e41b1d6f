import { stripVTControlCharacters } from 'node:util';

/** Rows as lines of aligned columns, two blanks apart; colours take no room. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const lengthOf = (cell = '') => stripVTControlCharacters(cell).length;
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) => Math.max(...rows.map((row) => lengthOf(row[column]))));
  return rows.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - lengthOf(cell)))
      .join('  ')
      .trimEnd(),
  );
}
