import { readFile } from 'node:fs/promises';
import { type YamlValue, YamlError, parseYaml } from '../../../stack-file';
import { UserError } from '../../shared/errors';

/**
 * Reads a YAML file whose root is a mapping, or which is empty.
 *
 * @throws UserError with line and column if it is malformed; errors of the file system (ENOENT) as they are
 */
export async function readYaml(file: string): Promise<Record<string, YamlValue>> {
  const text = await readFile(file, 'utf8');
  try {
    const data = parseYaml(text);
    if (data === null) return {};
    if (typeof data === 'object' && !Array.isArray(data)) return data;
  } catch (error) {
    if (error instanceof YamlError) throw new UserError(`${file}:${error.line}:${error.column}: ${error.message}`);
    throw error;
  }
  throw new UserError(`${file}:1:1: expected keys with values ("key: value")`);
}

export const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';
