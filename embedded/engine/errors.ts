/** An error that its message explains in full to the user: shown without a stack trace. */
export class UserError extends Error {
  /** @param exitCode what the process ends with, should nobody catch it */
  constructor(
    message: string,
    readonly exitCode = 255,
  ) {
    super(message);
    this.name = 'UserError';
  }
}
