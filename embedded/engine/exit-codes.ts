/** What the process ends with: the codes that the pulumi CLI documents since 3.226. (3.260 itself still gives 1 for `resource`.) */
export const EXIT = {
  ok: 0,
  error: 1,
  configuration: 2,
  resource: 4,
  stackNotFound: 6,
  /** `--expect-no-changes`, and there were some. */
  changesFound: 7,
  cancelled: 8,
  internal: 255,
} as const;
