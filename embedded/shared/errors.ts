/** An error that its message explains in full to the user: shown without a stack trace. */
export class UserError extends Error {
  /** @param exitCode what the process ends with, should nobody catch it. Default: 1 */
  constructor(
    message: string,
    readonly exitCode: number = 1,
  ) {
    super(message);
    this.name = 'UserError';
  }
}
