/** What a rule may use. */
export interface RuleLimits {
  /** Of a call, start of Python included, in milliseconds. Default: 10 s. */
  readonly timeLimit?: number;
  /** Address space of each of its processes, in bytes. Default: 1 GiB. */
  readonly memoryLimit?: number;
  /** One answer as JSON, in bytes. Default: 4 MiB. */
  readonly answerLimit?: number;
  /** What its archive may unpack to, and any file that it writes, in bytes. Default: 64 MiB. */
  readonly fileLimit?: number;
  /**
   * Processes and threads of the user that it runs as, those outside of it included (RLIMIT_NPROC; root is not bound by
   * it). Default: no limit of ours.
   */
  readonly processLimit?: number;
}

/** {@link RuleLimits} with defaults, as the process and whoever stands by need them. */
export interface Limits {
  readonly time: number;
  readonly answer: number;
  readonly unpackedSize: number;
  /** By the names that runner.py gives them. */
  readonly ofProcess: Readonly<Record<string, number>>;
}

const MIB = 1024 ** 2;

export function limitsOf({
  timeLimit = 10_000,
  memoryLimit = 1024 * MIB,
  answerLimit = 4 * MIB,
  fileLimit = 64 * MIB,
  processLimit,
}: RuleLimits): Limits {
  return {
    time: timeLimit,
    answer: answerLimit,
    unpackedSize: fileLimit,
    ofProcess: {
      memory: memoryLimit,
      fileSize: fileLimit,
      ...(processLimit !== undefined && { processes: processLimit }),
    },
  };
}
