import pc from 'picocolors';
import type { Colors } from 'picocolors/types';

/** Whether a stream is a terminal that shows more than text. `isTTY` is undefined, not false, for a pipe. */
export function isTerminal(stream: { readonly isTTY?: boolean }): boolean {
  return stream.isTTY === true && process.env.TERM !== 'dumb';
}

/** Colours for what is written to a stream: none if it is no terminal, or the user wants none (NO_COLOR). */
export function colorsFor(stream: { readonly isTTY?: boolean }): Colors {
  return pc.createColors(isTerminal(stream) && !process.env.NO_COLOR);
}
