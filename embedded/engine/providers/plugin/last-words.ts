import { stripVTControlCharacters } from 'node:util';

/** Lines that node writes of an error for programmers: the stack, the line of the code and its own version. */
const OF_STACK =
  /^\s+at .+|^\s*\^+\s*$|^Node\.js v\d|^\s*(\[cause\]|code|errno|syscall): |^[{}]$|^\(Use `node --trace|^(file:\/\/)?\/.+:\d+$/;

/**
 * What a process wrote to stderr, for people: without stack traces. Of an error that nobody caught, node shows the line of
 * the code first, between the place in the file and the marks below it.
 */
export class LastWords {
  private readonly lines: string[] = [];
  private inExcerpt = false;

  constructor(private readonly kept: number) {}

  /** @returns whether the line is worth showing */
  hear(painted: string): boolean {
    // FORCE_COLOR has node paint its stacks.
    const line = stripVTControlCharacters(painted);
    if (/^(file:\/\/)?\/.+:\d+$/.test(line)) this.inExcerpt = true;
    const isNoise = this.inExcerpt || OF_STACK.test(line);
    if (/^\s*\^+\s*$/.test(line)) this.inExcerpt = false;
    if (isNoise || line.trim() === '') return false;
    this.lines.push(line.replace(/^Uncaught /, ''));
    if (this.lines.length > this.kept) this.lines.shift();
    return true;
  }

  get text(): string {
    return this.lines.join('\n');
  }
}
