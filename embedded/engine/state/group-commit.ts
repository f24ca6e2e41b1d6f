/**
 * Writes on request, one write at a time: requests that arrive while a write runs share the next one. Every requester
 * waits for a write that began after its request, so what it asked to be written is in it.
 */
export class GroupCommit {
  private running: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;

  constructor(private readonly write: () => Promise<void>) {}

  /** Resolves once a write that began after this call has ended; rejects if that write fails. */
  request(): Promise<void> {
    this.next ??= this.running
      .catch(() => undefined)
      .then(() => {
        this.next = undefined;
        return this.write();
      });
    this.running = this.next;
    return this.next;
  }
}
