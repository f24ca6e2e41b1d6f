import { createInterface } from 'node:readline/promises';
import { EXIT } from '../exit-codes';
import { UserError } from '../../shared/errors';

/** @throws UserError where nobody can be asked */
export function requireTerminal(): void {
  if (process.stdin.isTTY && process.stdout.isTTY) return;
  throw new UserError(
    '--yes or --skip-preview must be given where nobody can be asked (there is no terminal)',
    EXIT.unconfirmed,
  );
}

/** Asks `Do you want to …?` */
export async function confirmed(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`Do you want to ${question}? [y/N] `).finally(() => terminal.close());
  return ['y', 'yes'].includes(answer.trim().toLowerCase());
}
