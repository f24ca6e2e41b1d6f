import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { RunError } from '@pulumi/pulumi/errors';
import { ruleName } from './policy-file';

const TEMPLATE_NAME = 'rule-name';

/** A rule that works, to start from. */
export const TEMPLATE = path.join(__dirname, 'template', TEMPLATE_NAME);

/**
 * Starts a rule in a folder of its own.
 * @returns the folder
 * @throws RunError where the name is not one, or taken
 */
export function createRule(name: string, root: string): string {
  const { error } = ruleName.safeParse(name);
  if (error) throw new RunError(`the name ${JSON.stringify(name)} ${error.issues[0]?.message ?? 'is not valid'}`);
  const folder = path.join(root, name);
  if (existsSync(folder)) throw new RunError(`${folder} exists already; nothing was changed, choose another name`);
  cpSync(TEMPLATE, folder, { recursive: true, errorOnExist: true, force: false });
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(TEMPLATE_NAME, name));
  }
  return folder;
}
