import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, 'scripts');

/** What the containers of backups run, by file name: bash, and tasks.js for mongosh. */
export function backupScripts(): Record<string, string> {
  const files = readdirSync(FOLDER).filter((file) => /\.(sh|js)$/.test(file));
  return Object.fromEntries(files.sort().map((file) => [file, withoutTypes(readFileSync(join(FOLDER, file), 'utf8'))]));
}

/** Without the lines that only the type checker reads. */
function withoutTypes(source: string): string {
  return source.replace(/^ *(?:\/\*\* @.*\*\/|\/\/ (?:@ts-|eslint-).*)\n/gm, '');
}
