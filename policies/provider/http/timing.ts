/** How long is waited for what, in milliseconds. */
export interface Timing {
  /**
   * For a call as a whole, repetitions included. Without its database a service answers after 30 s, and then as if the
   * thing did not exist: whoever waits for that is told a lie.
   */
  timeoutMs: number;
  /** An answer that took longer proves nothing about what does not exist. A well service takes 2 to 22 ms. */
  slowMs: number;
  /** For calls that make something on another cluster. */
  infrastructureMs: number;
  /** After which the user is told, again and again, that an answer is still awaited. */
  reminderMs: number;
  /** Before the first repetition; doubled each time. */
  backoffMs: number;
  /** After which a foreign update that was on its way has come through. */
  settleMs: number;
}

export const usualTiming: Timing = {
  timeoutMs: 10_000,
  slowMs: 3_000,
  infrastructureMs: 120_000,
  reminderMs: 1_000,
  backoffMs: 200,
  settleMs: 50,
};
