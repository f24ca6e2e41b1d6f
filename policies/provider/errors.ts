import type { Properties } from './wire/value';

/** What the user asked for cannot be done; the message says why and what to do instead. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/**
 * A service cannot be reached, is too slow, or answers what it should not: nothing may be concluded about what it
 * stores. The run has to be repeated when the service is well.
 */
export class Outage extends Error {
  override readonly name = 'Outage';
  constructor(
    message: string,
    /** Every attempt found nobody at the address: the service is not running, or not reachable from here. */
    readonly nobody = false,
  ) {
    super(message);
  }
}

/** A service answered that it failed. */
export class ResponseError extends Error {
  override readonly name = 'ResponseError';
  constructor(
    message: string,
    /** HTTP status: 200 where a failure comes as `success: false`. */
    readonly status: number,
    /** What the service itself said. */
    readonly reason: string,
  ) {
    super(message);
  }
}

/** A create that changed something and then failed: the engine has to remember the resource all the same. */
export class PartialFailure extends Error {
  override readonly name = 'PartialFailure';
  constructor(
    readonly id: string,
    readonly outputs: Properties,
    cause: unknown,
  ) {
    super(messageOf(cause), { cause });
  }
}

export const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Quotes a text of a service, which can be a whole page. */
export function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
