import { execFile } from 'node:child_process';
import { UserError, messageOf } from '../shared/errors';

let canRunRules: Promise<boolean> | undefined;

/** Begins to look whether the policies' rules can run here, which takes about as long as the launcher needs to load. */
export function lookForPython(): void {
  const { PYTHON } = process.env;
  canRunRules = new Promise((resolve) => {
    // What of Python's library the oldest that will do has and those before lack.
    execFile(PYTHON === undefined || PYTHON === '' ? 'python3' : PYTHON, ['-I', '-c', 'import zoneinfo'], (error) =>
      resolve(!error),
    );
  });
}

/**
 * Makes sure that rules can run here, before anything is built or changed.
 * @throws UserError in one sentence if they cannot
 */
export async function requirePython(): Promise<void> {
  if ((await canRunRules) ?? true) return;
  // Only now: to load this takes a third of a second.
  const { findPython } = require('../../policies/runner') as typeof import('../../policies/runner');
  try {
    findPython();
  } catch (error) {
    throw new UserError(`The simulated network decides by the policies' rules: ${messageOf(error)}`);
  }
}
