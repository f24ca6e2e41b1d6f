import { rename, stat } from 'node:fs/promises';

const ABSENT = 'absent';

/** A stack's state file, as this process has seen it last: nobody else may write it while a run has the stack. */
export class StateFile {
  private seen: string | undefined;

  constructor(readonly file: string) {}

  /** To be called before the file is read, and after it was written. */
  async see(): Promise<void> {
    this.seen = await this.mark();
  }

  /**
   * Puts aside what somebody has made of the file since it was seen: a restored backup, say, or what a failing disk left. The
   * run knows the whole state, and goes on with it; were it to stop, what it has begun would be in no state at all.
   */
  async keepForeign(note: (message: string) => void): Promise<void> {
    const now = await this.mark();
    if (this.seen === undefined || now === this.seen) return;
    const { file } = this;
    const change = `${file} was ${now === ABSENT ? 'removed' : 'changed'} by something else while this run had the stack.`;
    if (now === ABSENT) {
      note(`${change} It is written again.`);
      return;
    }
    const kept = `${file}.${new Date().toISOString().replaceAll(/[:.]/g, '-')}.kept`;
    await rename(file, kept);
    note(`${change} What was found there is kept in ${kept}; the state of this run is in its place.`);
  }

  /** What tells one content of the file from the next, at the cost of no reading. */
  private async mark(): Promise<string> {
    const found = await stat(this.file, { bigint: true }).catch(() => undefined);
    return found ? `${found.ino}:${found.size}:${found.mtimeNs}` : ABSENT;
  }
}
