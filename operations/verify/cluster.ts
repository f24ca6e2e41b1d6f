import { AppsV1Api, CoreV1Api, KubeConfig, type V1Container, type V1Pod } from '@kubernetes/client-node';

/** The environment variables that matter here. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The gateway as the cluster has it. */
export interface DeployedGateway {
  /** What a pod that starts now would read. */
  deployment: Environment;
  /** What each running pod has read. */
  pods: Environment[];
  replicas: number;
}

const NAMESPACE = 'services';
const NAME = 'cluster-controller-gateway';

/**
 * Reads the gateway's Deployment and its pods.
 * @throws Error that says what could not be read
 */
export async function readGateway(config: KubeConfig): Promise<DeployedGateway> {
  const core = config.makeApiClient(CoreV1Api);
  const deployment = await config
    .makeApiClient(AppsV1Api)
    .readNamespacedDeployment({ name: NAME, namespace: NAMESPACE });
  const labelSelector = Object.entries(deployment.spec?.selector.matchLabels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join();
  const pods = (await core.listNamespacedPod({ namespace: NAMESPACE, labelSelector })).items.filter(isRunning);
  return {
    deployment: await environment(deployment.spec?.template.spec?.containers[0], core),
    // What a pod took from a ConfigMap at its start nobody but the gateway itself can tell.
    pods: await Promise.all(pods.map((pod) => environment(pod.spec?.containers[0]))),
    replicas: deployment.spec?.replicas ?? 1,
  };
}

/** The cluster of a context. @throws Error if the kubeconfig has no such context */
export function clusterOf({ context, kubeconfig }: { context: string; kubeconfig?: string }): KubeConfig {
  const config = new KubeConfig();
  if (kubeconfig === undefined) config.loadFromDefault();
  else config.loadFromFile(kubeconfig);
  if (config.getContextObject(context) === null) throw new Error(`the kubeconfig has no context ${context}`);
  config.setCurrentContext(context);
  return config;
}

function isRunning({ status, metadata }: V1Pod): boolean {
  return status?.phase === 'Running' && metadata?.deletionTimestamp === undefined;
}

async function environment(container: V1Container | undefined, core?: CoreV1Api): Promise<Environment> {
  const variables = (container?.env ?? []).map(async ({ name: variable, value, valueFrom }) => {
    const reference = valueFrom?.configMapKeyRef;
    if (reference === undefined) return [variable, value] as const;
    if (core === undefined || reference.name === undefined) return [variable, undefined] as const;
    const { data = {} } = await core.readNamespacedConfigMap({ name: reference.name, namespace: NAMESPACE });
    return [variable, data[reference.key]] as const;
  });
  return Object.fromEntries(await Promise.all(variables));
}
