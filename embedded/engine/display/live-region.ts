import { stripVTControlCharacters } from 'node:util';
import type { OutputStream } from './display';

const REDRAW_MS = 100;
/** Elapsed times move on although nothing happens. */
const TICK_MS = 1000;
const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;

const ERASE_BELOW = '\x1b[0J';
const cursorUp = (rows: number) => (rows > 0 ? `\x1b[${rows}A` : '') + '\r';
const RESET = '\x1b[0m';

/** A pseudo terminal that nobody has given a size says 0. */
const knownOr = (size: number | undefined, otherwise: number) => (size !== undefined && size > 0 ? size : otherwise);

/** The last lines of the terminal, drawn again in place at most ten times a second. */
export class LiveRegion {
  private drawn: string[] = [];
  private pending: NodeJS.Timeout | undefined;
  private readonly ticker: NodeJS.Timeout;

  /** @param render the lines to show; it is told how many fit */
  constructor(
    private readonly stream: OutputStream,
    private readonly render: (rows: number) => string[],
  ) {
    this.ticker = setInterval(() => this.request(), TICK_MS).unref();
  }

  /** Has it drawn soon. */
  request(): void {
    this.pending ??= setTimeout(() => this.draw(), REDRAW_MS).unref();
  }

  /** Takes it off the terminal for good. */
  stop(): void {
    clearInterval(this.ticker);
    clearTimeout(this.pending);
    this.stream.write(this.erasure());
    this.drawn = [];
  }

  private draw(): void {
    this.pending = undefined;
    const erasure = this.erasure();
    // One row is left for the cursor, or the terminal would scroll.
    this.drawn = this.render(knownOr(this.stream.rows, DEFAULT_ROWS) - 1).map((line) => truncate(line, this.columns));
    this.stream.write(erasure + this.drawn.map((line) => `${line}\n`).join(''));
  }

  /** The terminal may be narrower than when the lines were drawn: each takes as many rows as it is broken into now. */
  private erasure(): string {
    const rowsOf = (line: string) => Math.max(1, Math.ceil(stripVTControlCharacters(line).length / this.columns));
    return cursorUp(this.drawn.reduce((rows, line) => rows + rowsOf(line), 0)) + ERASE_BELOW;
  }

  private get columns(): number {
    return knownOr(this.stream.columns, DEFAULT_COLUMNS);
  }
}

/** The line cut to a width, in which colours count nothing. */
function truncate(line: string, width: number): string {
  if (stripVTControlCharacters(line).length <= width) return line;
  let room = width - 1;
  let cut = '';
  // eslint-disable-next-line no-control-regex -- colours begin with the escape character
  for (const [part] of line.matchAll(/\x1b\[[\d;]*m|./gsu)) {
    if (part.startsWith('\x1b')) cut += part;
    else if (room-- > 0) cut += part;
  }
  return `${cut}…${line.includes('\x1b') ? RESET : ''}`;
}
