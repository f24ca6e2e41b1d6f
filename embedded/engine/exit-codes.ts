/**
 * What the process ends with: what CLI 3.260 does end with. Of the codes that it documents it does not use those for
 * wrong command lines and configuration (2, but for a missing `--yes`), failed resources (4) and interruptions (8).
 */
export const EXIT = {
  ok: 0,
  error: 1,
  /** Nobody can be asked, and `--yes` was not given. */
  unconfirmed: 2,
  stackNotFound: 6,
  /** `--expect-no-changes`, and there were some. */
  changesFound: 7,
  internal: 255,
} as const;
