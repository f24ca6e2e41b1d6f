import { readFile } from 'node:fs/promises';
import { Document, LineCounter, isMap, parseDocument } from 'yaml';
import { UserError } from '../../shared/errors';

/**
 * Reads a YAML file whose root is a mapping, or which is empty.
 *
 * @throws UserError with line and column if it is malformed; errors of the file system (ENOENT) as they are
 */
export async function readYaml(file: string): Promise<Document> {
  const lines = new LineCounter();
  const document = parseDocument(await readFile(file, 'utf8'), { lineCounter: lines, prettyErrors: false });
  const [problem] = document.errors;
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new UserError(`${file}:${line}:${col}: ${problem.message}`);
  }
  if (document.contents !== null && !isMap(document.contents)) {
    throw new UserError(`${file}:1:1: expected keys with values ("key: value")`);
  }
  return document;
}

/** The document as plain data. @throws UserError if it has more aliases than can be meant */
export function dataOf(document: Document, file: string): Record<string, unknown> {
  try {
    return (document.toJS() as Record<string, unknown> | null) ?? {};
  } catch (error) {
    throw new UserError(`${file}: ${(error as Error).message}`);
  }
}

export const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';
