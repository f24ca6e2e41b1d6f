import type { DisplayEvent, Op, StepInfo } from '../display/events';
import type { ResourceState } from '../state/resource-state';
import type { StateWriter } from '../state/journal';
import type { ResourceCall } from '../providers/provider';
import { parseUrn } from '../state/urn';
import { Semaphore } from './semaphore';

export interface RunOptions {
  project: string;
  stack: string;
  /** Computes and shows what would happen; changes neither the world nor the state. */
  preview: boolean;
  /** How many resource operations run at once, and how many comparisons. */
  parallel: number;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  emit: (event: DisplayEvent) => void;
  writer: StateWriter;
}

/**
 * How long, in milliseconds, steps may go on after Ctrl-C. Providers give up earlier; this is for what none of them ends.
 */
const INTERRUPTED_FOR = 30_000;

/** The run is ending because of a failure or Ctrl-C: no new step may begin. */
export class RunEnding extends Error {}

/** What every part of one preview, update, refresh or destroy shares. */
export class Run {
  /** Of operations that may change the world. */
  readonly steps: Semaphore;
  /** Of comparisons that tell whether there is anything to do. A step may wait for long, and they do not wait for it. */
  readonly comparisons: Semaphore;
  readonly changes: Partial<Record<Op, number>> = {};
  /** A step failed, or something else went wrong: no new step begins. */
  failed = false;
  /** What the program wants violates a mandatory policy. */
  breached = false;
  /** Resolves when the run fails or is interrupted: before it is over, and never if it succeeds. */
  readonly ended: Promise<void>;
  /** Rejects some time after an interruption: what is under way then is left as it is, noted in the state as begun. */
  private readonly givenUp: Promise<never>;
  private end!: () => void;

  constructor(readonly options: RunOptions) {
    this.steps = new Semaphore(options.parallel);
    this.comparisons = new Semaphore(options.parallel);
    this.ended = new Promise((resolve) => (this.end = resolve));
    options.signal.addEventListener('abort', this.end, { once: true });
    this.givenUp = givenUpAfter(options.signal);
    this.givenUp.catch(() => undefined);
  }

  get ending(): boolean {
    return this.failed || this.options.signal.aborted;
  }

  /**
   * Resolves when nothing is under way any more, or what is has been given up. Once the run is ending, nothing new begins
   * either.
   */
  async idle(): Promise<void> {
    const idle = this.comparisons.idle().then(() => this.steps.idle());
    await this.unlessGivenUp(idle).catch(() => undefined);
  }

  /** @throws RunEnding if `work` takes too long after an interruption */
  unlessGivenUp<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.givenUp]);
  }

  refuseIfEnding(): void {
    if (this.ending) throw new RunEnding('the run is ending');
  }

  /**
   * Reports an error that belongs to a resource, or to the whole run, and ends the run.
   *
   * @param message undefined where the user has been told already
   */
  fail(message: string | undefined, urn?: string): void {
    this.failed = true;
    this.end();
    if (message === undefined) return;
    this.options.emit({ type: 'diagnostic', severity: 'error', message, ...(urn !== undefined && { urn }) });
  }

  /** What the program wants must not be, of which the user has been told. A preview goes on: it has more to tell. */
  breach(): void {
    this.breached = true;
    if (!this.options.preview) this.fail(undefined);
  }

  warn(message: string, urn?: string): void {
    this.options.emit({ type: 'diagnostic', severity: 'warning', message, ...(urn !== undefined && { urn }) });
  }

  count(op: Op): void {
    this.changes[op] = (this.changes[op] ?? 0) + 1;
  }

  /** What a provider is told with every call about a resource. */
  callFor(urn: string): ResourceCall {
    const { type, name } = parseUrn(urn);
    return {
      urn,
      type,
      name,
      signal: this.options.signal,
      status: (message) => this.options.emit({ type: 'step-status', urn, message }),
      warn: (message) => this.warn(message, urn),
    };
  }
}

function givenUpAfter(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const wait = () => {
      setTimeout(() => reject(new RunEnding('what was under way did not end')), INTERRUPTED_FOR).unref();
    };
    signal.addEventListener('abort', wait, { once: true });
  });
}

/** A step as the display wants it. */
export function stepInfo(
  op: Op,
  urn: string,
  sides: { old?: ResourceState | undefined; new?: ResourceState | undefined },
  details: Pick<StepInfo, 'detailedDiff' | 'replaceKeys'> = {},
): StepInfo {
  const { type, name } = parseUrn(urn);
  return {
    op,
    urn,
    type,
    name,
    parent: sides.new?.parent ?? sides.old?.parent,
    old: sides.old,
    new: sides.new,
    ...details,
  };
}
