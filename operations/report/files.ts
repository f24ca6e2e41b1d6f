import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../command-line';

/** Of a system's error: ENOENT. */
export const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? String(error);

/** A file's text; undefined where there is none. @throws UserError if it cannot be read */
export function textIn(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new UserError(`${file} cannot be read (${codeOf(error)})`);
  }
}

/**
 * What a file of JSON holds, if it is there.
 * @throws UserError if it holds something else
 */
export function jsonIn<Value>(file: string, read: (json: unknown) => Value): Value | undefined {
  const text = textIn(file);
  if (text === undefined) return undefined;
  try {
    return read(JSON.parse(text));
  } catch {
    throw new UserError(`${file} does not hold what the report expects of its name`);
  }
}

/** Writes a file as a whole or not at all. @throws UserError if it cannot be written */
export function writeWhole(folder: string, name: string, text: string): void {
  const file = path.join(folder, name);
  try {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  } catch (error) {
    throw new UserError(`${file} cannot be written (${codeOf(error)})`);
  }
}
