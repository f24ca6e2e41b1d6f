import type { DisplayEvent } from './events';

/** Shows a run to its user. */
export interface Display {
  handle(event: DisplayEvent): void;
  /** Restores the terminal and writes what is still to be written; call it whatever way the run ends. */
  close(): void;
}

/** Where a display writes: `process.stdout`, or a test's buffer. */
export interface OutputStream {
  write(text: string): unknown;
  /** Of a terminal. */
  readonly columns?: number;
  readonly rows?: number;
}

export interface DisplayOptions {
  stream: OutputStream;
  /** For programs instead of people: a preview is one document at its end, all else a line for each event. */
  json: boolean;
  /** Every changed property with its old and new value. */
  diff: boolean;
  /** The stream is a terminal: it is redrawn in place. */
  isTTY: boolean;
  color: boolean;
  /** Nothing is changed in this run: words say what would be. */
  preview: boolean;
}
