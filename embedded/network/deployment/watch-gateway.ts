import { setTimeout as delay } from 'node:timers/promises';
import type { WantedProcess } from '../gateway/gateway';
import { ClusterApi, type GatewayDeployment, type PodEvent } from './cluster-api';
import { ReadyPods } from './ready-pods';

export interface GatewayObserver {
  /** Called with all processes whenever one has come or gone. */
  readonly onProcesses: (processes: readonly WantedProcess[]) => void;
  readonly log: (text: string) => void;
}

/** Pause before the API server is tried again, in milliseconds. */
const RETRY_INTERVAL = 500;

/** How long the first list of pods is waited for, in milliseconds: the cluster may be down. */
const FIRST_LIST_PATIENCE = 10_000;

/**
 * Follows the pods of the gateway's Deployment: each ready pod is a process of the gateway, in the pod's environment. So
 * a rollout, a change of replicas and a deleted pod do to the simulated gateway what they do to a real one.
 * @returns ends the watch
 */
export async function watchGateway(deployment: GatewayDeployment, observer: GatewayObserver): Promise<() => void> {
  const closing = new AbortController();
  let reportFirstList: () => void = () => undefined;
  const firstList = new Promise<void>((resolve) => (reportFirstList = resolve));
  void keepWatching(deployment, observer, reportFirstList, closing.signal);
  await Promise.race([firstList, delay(FIRST_LIST_PATIENCE, undefined, { ref: false })]);
  return () => closing.abort();
}

/** The kubeconfig is read again at each attempt: a cluster that was made anew has other credentials. */
async function keepWatching(
  deployment: GatewayDeployment,
  { onProcesses, log }: GatewayObserver,
  onListed: () => void,
  signal: AbortSignal,
): Promise<void> {
  const pods = new ReadyPods((processes) => {
    log(`the gateway has ${processes.length} processes`);
    onProcesses(processes);
  });
  const isEnded = () => signal.aborted;
  let lastProblem = '';
  while (!isEnded()) {
    try {
      await watchOnce(deployment, pods, onListed, signal);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      if (problem !== lastProblem && !isEnded()) log(`the gateway's pods cannot be watched: ${problem}`);
      lastProblem = problem;
    }
    await delay(RETRY_INTERVAL, undefined, { signal }).catch(() => undefined);
  }
}

/** Lists the pods, then follows them until the watch ends. */
async function watchOnce(
  deployment: GatewayDeployment,
  pods: ReadyPods,
  onListed: () => void,
  signal: AbortSignal,
): Promise<void> {
  const api = await ClusterApi.connect(deployment);
  const broken = new AbortController();
  try {
    const { pods: all, version } = await api.listPods();
    await pods.replaceAll(all, api.readConfigMap);
    onListed();
    const onEvent = ({ type, pod }: PodEvent) => {
      const step = type === 'DELETED' ? pods.forget(pod) : pods.see(pod, api.readConfigMap);
      step.catch((error: unknown) => broken.abort(error));
    };
    await api.watchPods(version, onEvent, AbortSignal.any([signal, broken.signal]));
  } finally {
    api.close();
  }
}
