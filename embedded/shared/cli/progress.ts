/** What is being done: a `step` begins something, an `update` says how far the current step is. */
export interface Progress {
  readonly kind: 'step' | 'update';
  readonly text: string;
}

export type OnProgress = (progress: Progress) => void;

/** The part of a terminal or file that progress is written to. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Writes progress; `end` closes the line that is being rewritten, and is called before anything else is printed. */
export interface ProgressPrinter {
  readonly report: OnProgress;
  readonly end: () => void;
}

/** Without a terminal an update is a line of its own: one in this many milliseconds is enough. */
const PLAIN_INTERVAL = 15_000;

const ERASE_LINE = '\r\u001b[2K';

/**
 * Prints steps as lines. Updates rewrite one line on a terminal; elsewhere they are lines, at most one in 15 seconds.
 * @param now the clock, in milliseconds
 */
export function progressPrinter(stream: ProgressStream, now: () => number = Date.now): ProgressPrinter {
  let isUpdating = false;
  let lastLine = now();
  const end = () => {
    if (isUpdating) stream.write(ERASE_LINE);
    isUpdating = false;
  };
  const line = (text: string) => {
    end();
    stream.write(`${text}\n`);
    lastLine = now();
  };
  const report = ({ kind, text }: Progress) => {
    if (kind === 'step') {
      line(text);
    } else if (stream.isTTY) {
      stream.write(ERASE_LINE + text.slice(0, (stream.columns ?? 80) - 1));
      isUpdating = true;
    } else if (now() - lastLine >= PLAIN_INTERVAL) line(text);
  };
  return { report, end };
}

/** `73` -> `1m13s` */
export function formatSeconds(seconds: number): string {
  const whole = Math.floor(seconds);
  return whole < 60 ? `${whole}s` : `${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, '0')}s`;
}
