import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ArchiveFile } from './archive';
import type { RuleProblem } from './errors';
import { joinShared } from './join';

const FUNCTION = 'code/function.py';
const REQUIRED = [FUNCTION, 'code/requirements.txt'];
/** What Python and editors leave behind. */
const LEFTOVER = /(^\.|^__pycache__$|\.pyc$|~$)/;

/** The files of a rule's folder `code`, which are its archive; function.py with the part that rules share. */
export function readCode(folder: string, problems: RuleProblem[]): ArchiveFile[] {
  const missing = REQUIRED.filter((file) => !existsSync(path.join(folder, file)));
  for (const file of missing) problems.push({ file, key: '', message: 'is missing; the archive must have it' });
  if (missing.length > 0) return [];
  const files = list(folder, 'code', problems).map((file) => {
    if (file.path !== FUNCTION) return file;
    const report = (message: string) => problems.push({ file: FUNCTION, key: '', message });
    const source = joinShared(file.content.toString('utf8'), path.dirname(folder), report);
    if (!/^class AIOSv1PolicyRule\b/m.test(source))
      report('must define class AIOSv1PolicyRule, or import it from pre_check');
    return { ...file, content: Buffer.from(source) };
  });
  for (const file of files) {
    if (file.path.endsWith('.py') && file.path !== FUNCTION)
      problems.push({
        file: file.path,
        key: '',
        message: 'cannot be imported where the gateway runs rules itself (mode local); move its content to function.py',
      });
  }
  return files;
}

function list(folder: string, inside: string, problems: RuleProblem[]): ArchiveFile[] {
  return readdirSync(path.join(folder, inside))
    .filter((name) => !LEFTOVER.test(name))
    .sort()
    .flatMap((name) => {
      const file = `${inside}/${name}`;
      const stats = lstatSync(path.join(folder, file));
      if (stats.isDirectory()) return list(folder, file, problems);
      if (stats.isFile() && Buffer.byteLength(file) <= 100)
        return [{ path: file, content: readFileSync(path.join(folder, file)) }];
      const message = stats.isFile()
        ? 'has a path of more than 100 bytes; shorten it'
        : 'is neither a file nor a folder; put a copy there';
      problems.push({ file, key: '', message });
      return [];
    });
}
