/** A sign of life while a command runs: a dot every so many milliseconds. */
const TICK = 5000;

/** Says on stderr what is being done, from its beginning on: the report on stdout stays by itself. */
export class ProgressLog {
  constructor(private readonly stream: NodeJS.WritableStream) {}

  /** One line: what is done, and when it is done, what came out of it. */
  async during<T>(what: string, work: () => Promise<T>, outcome: (result: T) => string): Promise<T> {
    this.stream.write(`${what} ..`);
    const timer = setInterval(() => this.stream.write('.'), TICK);
    try {
      const result = await work();
      this.stream.write(` ${outcome(result)}\n`);
      return result;
    } catch (error) {
      this.stream.write('\n');
      throw error;
    } finally {
      clearInterval(timer);
    }
  }

  line(text: string): void {
    this.stream.write(`${text}\n`);
  }
}
