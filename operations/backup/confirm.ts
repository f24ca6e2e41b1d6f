import { createInterface } from 'node:readline/promises';
import { UserError } from '../command-line';

/** Where a person answers. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

/**
 * Whether a person, or an option, has typed the name of the stack.
 * @param given what `--yes` was given
 * @throws UserError where `--yes` names another stack, or nobody is there to ask
 */
export async function confirmed(
  stack: string,
  given: string | undefined,
  { input, output }: Terminal,
  question = 'Type the name of the stack to restore, anything else to leave it: ',
): Promise<boolean> {
  if (given === stack) return true;
  if (given !== undefined) throw new UserError(`--yes ${given}: it has to name the stack, ${stack}`);
  if (input.isTTY !== true)
    throw new UserError(`nobody is there to confirm: ARGS='--yes ${stack}' does it without a question`);
  const terminal = createInterface({ input, output });
  try {
    return (await terminal.question(question)).trim() === stack;
  } finally {
    terminal.close();
  }
}
