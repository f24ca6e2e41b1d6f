import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TEMPLATE } from '../../../../policies/packaging/create-rule';

const made: string[] = [];

/** A folder that {@link removeFolders} removes. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'aios-rule-'));
  made.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
}

/** A copy of the rule that new rules start from, with changes to its files: a text in place of another one, or of all. */
export function ruleFolder(changes: Record<string, [from: string, to: string] | string> = {}): string {
  const folder = path.join(temporaryFolder(), path.basename(TEMPLATE));
  cpSync(TEMPLATE, folder, { recursive: true });
  for (const [name, change] of Object.entries(changes)) {
    const file = path.join(folder, name);
    if (typeof change === 'string') writeFileSync(file, change);
    else {
      const text = readFileSync(file, 'utf8');
      if (!text.includes(change[0])) throw new Error(`${name} has no ${change[0]}`);
      writeFileSync(file, text.replace(change[0], change[1]));
    }
  }
  return folder;
}
