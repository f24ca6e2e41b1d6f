import { setTimeout as sleep } from 'node:timers/promises';
import type { PropertyMap } from '../../../values/value';
import { ANNOTATIONS, hasAnnotation, timeoutSeconds } from '../annotations';
import { type JsonMap, isPassing, textAt } from '../../../../../kubernetes-api';
import type { ClusterObjects } from '../api/objects';
import { referenceOf } from '../object';
import { isTerminating, terminationOf } from '../terminating';
import { type Awaiter, type Progress, waiting } from './awaiter';
import { Backoff } from './backoff';
import { deployment } from './deployment';
import { namespace } from './namespace';
import { persistentVolume } from './persistent-volume';
import { persistentVolumeClaim } from './persistent-volume-claim';
import { service } from './service';
import { statefulSet } from './stateful-set';

const awaiters: Record<string, Awaiter> = {
  'apps/v1/Deployment': deployment,
  'apps/v1/StatefulSet': statefulSet,
  'v1/Namespace': namespace,
  'v1/PersistentVolume': persistentVolume,
  'v1/PersistentVolumeClaim': persistentVolumeClaim,
  'v1/Service': service,
};

/** The part of a create or update that waiting needs. */
interface WaitRequest {
  type: string;
  timeout: number;
  signal: AbortSignal;
  status(message: string): void;
}

interface WaitOutcome {
  /** The object as it was seen last. */
  live: JsonMap;
  /** Why it is not ready, and why nobody waits any longer; absent once it is ready. */
  failure?: string;
}

/** After this long, the reasons are worth a few requests. */
const PATIENCE_MILLISECONDS = 1500;

/**
 * Waits until an applied object is ready, telling what is missing. Objects of kinds that have nothing to wait for are ready
 * at once. A lost connection is waited out.
 *
 * @param applied the object as the apply left it
 */
export async function waitUntilReady(
  request: WaitRequest,
  objects: ClusterObjects,
  applied: JsonMap,
  inputs: PropertyMap,
): Promise<WaitOutcome> {
  const awaiter = awaiters[`${textAt(applied, 'apiVersion')}/${textAt(applied, 'kind')}`];
  const isPatch = request.type.endsWith(`${textAt(applied, 'kind')}Patch`);
  if (isPatch) return { live: applied };
  if (isTerminating(applied))
    return { live: applied, failure: await terminationOf(applied, referenceOf(applied), objects) };
  if (!awaiter || hasAnnotation(inputs, ANNOTATIONS.skipAwait)) return { live: applied };
  return new Wait(request, objects, awaiter, applied, timeoutSeconds(request.timeout)).run();
}

class Wait {
  private readonly backoff = new Backoff();
  private explained = { at: 0, text: '' };

  constructor(
    private readonly request: WaitRequest,
    private readonly objects: ClusterObjects,
    private readonly awaiter: Awaiter,
    private live: JsonMap,
    private readonly seconds: number,
  ) {}

  async run(): Promise<WaitOutcome> {
    for (;;) {
      const progress = await this.look();
      if (progress.state === 'ready') return { live: this.live };
      if (progress.state === 'failed') return this.end(progress.message);
      const message = await this.withReason(progress.message);
      if (this.request.signal.aborted) return this.end(`waiting was interrupted: ${message}`);
      if (this.backoff.elapsed > this.seconds * 1000) return this.end(`timed out after ${this.seconds} s: ${message}`);
      this.request.status(message);
      await sleep(this.backoff.next(), undefined, { signal: this.request.signal }).catch(() => undefined);
      const gone = await this.refresh();
      if (gone) return gone;
    }
  }

  private async look(): Promise<Progress> {
    return this.tolerating(
      async () => this.awaiter.check(this.live, this.objects),
      (lost) => waiting(lost),
    );
  }

  /** Reads the object again. @returns the end of the waiting, if it is not there any more */
  private async refresh(): Promise<WaitOutcome | undefined> {
    const options = { retries: 0 };
    const live = await this.tolerating(
      () => this.objects.get(referenceOf(this.live), options),
      () => this.live,
    );
    if (live) {
      this.live = live;
      if (!isTerminating(live)) return undefined;
      return this.end(await terminationOf(live, referenceOf(live), this.objects));
    }
    return this.end('somebody deleted it');
  }

  private async withReason(message: string): Promise<string> {
    const explain = this.awaiter.explain?.bind(this.awaiter);
    const { elapsed } = this.backoff;
    if (explain && elapsed > PATIENCE_MILLISECONDS && elapsed - this.explained.at > PATIENCE_MILLISECONDS) {
      const text = await this.tolerating(
        () => explain(this.live, this.objects),
        () => undefined,
      );
      this.explained = { at: elapsed, text: text ?? '' };
    }
    return this.explained.text === '' ? message : `${message}; ${this.explained.text}`;
  }

  /** What passes is no end of the waiting: the API server restarts, the network fails for a while. */
  private async tolerating<T>(action: () => Promise<T>, otherwise: (reason: string) => T): Promise<T> {
    try {
      return await action();
    } catch (error) {
      const interrupted = this.request.signal.aborted;
      if (!interrupted && !isPassing(error)) throw error;
      return otherwise(interrupted ? 'not looked at any more' : (error as Error).message);
    }
  }

  private end(failure: string): WaitOutcome {
    return { live: this.live, failure };
  }
}
