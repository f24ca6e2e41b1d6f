/** How long is waited for what, in milliseconds. */
export interface Timing {
  /**
   * For a call as a whole, repetitions included. Without its database a service answers after 30 s, and then as if the
   * thing did not exist: whoever waits for that is told a lie.
   */
  patience: number;
  /** An answer that took longer proves nothing about what does not exist. A well service takes 2 to 22 ms. */
  slow: number;
  /** For calls that make something on another cluster. */
  infrastructure: number;
  /** After which the user is told, again and again, that an answer is still awaited. */
  reminder: number;
  /** Before the first repetition; doubled each time. */
  backoff: number;
  /** After which a foreign update that was on its way has come through. */
  settle: number;
  /** Between two looks at a service that says that there is nothing at all. */
  recheck: number;
}

export const usualTiming: Timing = {
  patience: 10_000,
  slow: 3_000,
  infrastructure: 120_000,
  reminder: 1_000,
  backoff: 200,
  settle: 50,
  recheck: 1_000,
};
