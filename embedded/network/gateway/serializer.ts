/** Does work under a name one after the other. */
export class Serializer {
  private readonly tails = new Map<string, Promise<unknown>>();

  /** @param isEnabled false: at once, whatever else is under way */
  constructor(private readonly isEnabled: boolean) {}

  run<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (!this.isEnabled) return work();
    const result = (this.tails.get(name) ?? Promise.resolve()).then(work);
    const tail = result.catch(() => undefined);
    this.tails.set(name, tail);
    void tail.then(() => {
      if (this.tails.get(name) === tail) this.tails.delete(name);
    });
    return result;
  }
}
