import { setTimeout as delay } from 'node:timers/promises';
import { CoreV1Api, KubeConfig, makeInformer, type V1Pod } from '@kubernetes/client-node';
import type { WantedProcess } from '../gateway/gateway';
import type { GatewayEnvironment } from '../gateway/gateway-process';
import { configMapReader, podEnvironment, type ReadConfigMap } from './pod-environment';

/** The cluster in which the gateway's Deployment is. */
export interface GatewayDeployment {
  /** Path of a kubeconfig. */
  readonly kubeconfig: string;
  readonly context: string;
}

export interface GatewayObserver {
  /** Called with all processes whenever one has come or gone. */
  readonly onProcesses: (processes: readonly WantedProcess[]) => void;
  readonly log: (text: string) => void;
}

const namespace = 'services';
const labelSelector = 'app=cluster-controller-gateway';

/** Pause before the API server is tried again, in milliseconds. */
const retryInterval = 500;

/** How long the first list of pods is waited for, in milliseconds: the cluster may be down. */
const firstListPatience = 10_000;

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
  await Promise.race([firstList, delay(firstListPatience, undefined, { ref: false })]);
  return () => closing.abort();
}

/** The kubeconfig is read again at each attempt: a cluster that was made anew has other credentials. */
async function keepWatching(
  deployment: GatewayDeployment,
  observer: GatewayObserver,
  onListed: () => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await watchOnce(deployment, observer, onListed, signal);
    } catch (error) {
      observer.log(`the gateway's pods cannot be watched: ${error instanceof Error ? error.message : String(error)}`);
    }
    await delay(retryInterval);
  }
}

/** Resolves when the watch ends, rejects when it breaks. */
async function watchOnce(
  deployment: GatewayDeployment,
  { onProcesses, log }: GatewayObserver,
  onListed: () => void,
  signal: AbortSignal,
): Promise<void> {
  const config = new KubeConfig();
  config.loadFromFile(deployment.kubeconfig);
  config.setCurrentContext(deployment.context);
  const api = config.makeApiClient(CoreV1Api);
  const list = () => api.listNamespacedPod({ namespace, labelSelector });
  const pods = new ReadyPods(configMapReader(api, namespace), (processes) => {
    log(`the gateway has ${processes.length} processes`);
    onProcesses(processes);
  });
  const informer = makeInformer(config, `/api/v1/namespaces/${namespace}/pods`, list, labelSelector);
  informer.on('add', (pod) => void pods.see(pod));
  informer.on('update', (pod) => void pods.see(pod));
  informer.on('delete', (pod) => pods.forget(pod));
  const broken = new Promise<void>((resolve, reject) => {
    informer.on('error', reject);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await informer.start();
  onListed();
  await broken.finally(() => informer.stop());
}

/** Which pods are ready, and the environment that each has started with. */
class ReadyPods {
  private readonly environments = new Map<string, Promise<GatewayEnvironment>>();

  constructor(
    private readonly readConfigMap: ReadConfigMap,
    private readonly onChange: (processes: readonly WantedProcess[]) => void,
  ) {}

  async see(pod: V1Pod): Promise<void> {
    if (!isReady(pod)) {
      this.forget(pod);
      return;
    }
    const id = pod.metadata?.uid ?? '';
    if (this.environments.has(id)) return;
    this.environments.set(id, podEnvironment(pod, this.readConfigMap));
    await this.report();
  }

  forget(pod: V1Pod): void {
    if (this.environments.delete(pod.metadata?.uid ?? '')) void this.report();
  }

  private async report(): Promise<void> {
    const processes = [...this.environments].map(async ([id, environment]) => ({ id, environment: await environment }));
    this.onChange(await Promise.all(processes));
  }
}

function isReady({ metadata, status }: V1Pod): boolean {
  const condition = status?.conditions?.find(({ type }) => type === 'Ready');
  return condition?.status === 'True' && metadata?.deletionTimestamp === undefined;
}
