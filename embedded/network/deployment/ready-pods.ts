import type { WantedProcess } from '../gateway/gateway';
import type { ReadConfigMap } from './cluster-api';
import { isReady, type Pod } from './pod';
import { podEnvironment } from './pod-environment';

/**
 * Which pods are ready, and the environment that each has started with: what changes in a ConfigMap later, no running
 * process sees. Steps are taken one after the other, each ending in a report if anything has changed.
 */
export class ReadyPods {
  private processes: readonly WantedProcess[] = [];
  private lastStep: Promise<void> = Promise.resolve();

  constructor(private readonly onChange: (processes: readonly WantedProcess[]) => void) {}

  /** These are all pods that there are. */
  replaceAll(pods: readonly Pod[], readConfigMap: ReadConfigMap): Promise<void> {
    return this.step(() => {
      const ready = pods.filter(isReady);
      return Promise.all(ready.map(async (pod) => this.find(pod) ?? (await startedProcess(pod, readConfigMap))));
    });
  }

  /** This pod has come or changed. */
  see(pod: Pod, readConfigMap: ReadConfigMap): Promise<void> {
    if (!isReady(pod)) return this.forget(pod);
    return this.step(async () => {
      if (this.find(pod)) return this.processes;
      return [...this.processes, await startedProcess(pod, readConfigMap)];
    });
  }

  /** This pod has gone. */
  forget(pod: Pod): Promise<void> {
    return this.step(() => Promise.resolve(this.processes.filter(({ id }) => id !== pod.metadata.uid)));
  }

  private find(pod: Pod): WantedProcess | undefined {
    return this.processes.find(({ id }) => id === pod.metadata.uid);
  }

  private step(work: () => Promise<readonly WantedProcess[]>): Promise<void> {
    const step = this.lastStep.then(async () => {
      const before = this.processes;
      this.processes = await work();
      const ids = (processes: readonly WantedProcess[]) => processes.map(({ id }) => id).join();
      if (ids(before) !== ids(this.processes)) this.onChange(this.processes);
    });
    this.lastStep = step.catch(() => undefined);
    return step;
  }
}

async function startedProcess(pod: Pod, readConfigMap: ReadConfigMap): Promise<WantedProcess> {
  return { id: pod.metadata.uid, environment: await podEnvironment(pod, readConfigMap) };
}
