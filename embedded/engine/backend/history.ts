/** How an update ended, for the stack's history; the CLI's `UpdateInfo`. */
export interface UpdateInfo {
  kind: 'update' | 'refresh' | 'destroy' | 'import';
  /** Seconds since 1970. */
  startTime: number;
  endTime: number;
  result: 'succeeded' | 'failed';
  message: string;
  /** Facts about where it ran: `git.head`, `exec.kind`, … */
  environment: Record<string, string>;
  /** By full key, secrets as ciphertext (`{secure: …}`). */
  config: Record<string, unknown>;
  /** Resources by what was done with them: `create`, `same`, … */
  resourceChanges: Partial<Record<string, number>>;
}

/** The entry as the CLI reads it; its `version` is always 0 in local backends. */
export const historyText = (info: UpdateInfo) => JSON.stringify({ ...info, version: 0 });

/** Names of a stack's entries sort by time: nanoseconds since 1970 are part of them. */
export const historyName = (stack: string, now = new Date()) => `${stack}-${now.getTime()}${nanoseconds()}`;

const nanoseconds = () => (process.hrtime.bigint() % 1_000_000n).toString().padStart(6, '0');
