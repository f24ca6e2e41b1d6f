/** Times between looks at the cluster: short at first, at most a second. */
export class Backoff {
  private readonly start = Date.now();
  private milliseconds = 100;

  next(): number {
    const current = this.milliseconds;
    this.milliseconds = Math.min(1000, current * 1.4);
    return current;
  }

  /** Milliseconds since the waiting began. */
  get elapsed(): number {
    return Date.now() - this.start;
  }
}
