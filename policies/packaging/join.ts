import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What the ready-made rules have in common; function.py takes it in by importing from it. */
const SHARED = 'pre_check.py';
const OURS = path.join(__dirname, '..', 'rules', SHARED);
const IMPORT = /^from pre_check import (.*)\n\n?/m;
const DOCSTRING = /^"""[^]*?"""\n+/;
const SEAM =
  '\n\n# From here on every rule is the same: a rule is one file, since modules beside function.py cannot be imported.\n\n';

/**
 * A rule's function.py as it is packed: the import from pre_check gives way to pre_check itself, at the end.
 * @param root folder of the rules: with a pre_check of its own, as of another time, that is taken
 * @param report is told what hinders it
 */
export function joinShared(source: string, root: string, report: (message: string) => void): string {
  const [statement, names] = IMPORT.exec(source) ?? [];
  if (statement === undefined || names === undefined) return source;
  const own = path.join(root, SHARED);
  const shared = readFileSync(existsSync(own) ? own : OURS, 'utf8').replace(DOCSTRING, '');
  const unknown = names.split(',').filter((name) => !defines(shared, name.trim()));
  if (unknown.length > 0)
    report(
      `imports ${unknown.join(',').trim()} from pre_check; write its names as they are, with commas between, on one line`,
    );
  for (const name of ['refusal', 'LOG'])
    if (!defines(source, name)) report(`must define ${name}, which pre_check asks for`);
  return source.replace(IMPORT, '') + SEAM + shared;
}

/** Whether a module has a function, a class or a value of this name. */
function defines(module: string, name: string): boolean {
  return new RegExp(`^(def |class )?${name.replace(/\W/g, '\\$&')}(?![\\w.])\\s*[(:=]`, 'm').test(module);
}
