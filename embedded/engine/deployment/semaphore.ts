/** Lets at most `slots` tasks run at once; the others wait in order of arrival. */
export class Semaphore {
  private readonly waiting: (() => void)[] = [];
  private readonly idlers: (() => void)[] = [];
  private running = 0;

  constructor(private readonly slots: number) {}

  async run<T>(task: () => Promise<T>): Promise<T> {
    // A task that ends hands its slot to the next in line, so `running` does not change then.
    if (this.running < this.slots) this.running++;
    else await new Promise<void>((resume) => this.waiting.push(resume));
    try {
      return await task();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.release();
    }
  }

  /** Resolves when no task is running. */
  async idle(): Promise<void> {
    if (this.running > 0) await new Promise<void>((resume) => this.idlers.push(resume));
  }

  private release(): void {
    this.running--;
    if (this.running === 0) this.idlers.splice(0).forEach((resume) => resume());
  }
}
