/** An error that its message explains in full to the user: shown without a stack trace. */
export class UserError extends Error {
  /** What the process ends with, should nobody catch it. */
  readonly exitCode: number;

  /** @param exitCode default: 1 */
  constructor(message: string, exitCode = 1) {
    super(message);
    this.name = 'UserError';
    this.exitCode = exitCode;
  }
}

/** What a caught value says of itself. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The code that Node gives an error of the system: ENOENT, EADDRINUSE, … */
export const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | undefined)?.code;
