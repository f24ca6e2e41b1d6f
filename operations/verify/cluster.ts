import {
  ApiClient,
  ApiError,
  ClusterAccessError,
  type Json,
  type JsonMap,
  at,
  listAt,
  loadKubeconfig,
  mapAt,
  numberAt,
  selectTarget,
  textAt,
} from '../../kubernetes-api';

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

const NAME = 'cluster-controller-gateway';
const OBJECTS = '/api/v1/namespaces/services';
const DEPLOYMENT = `/apis/apps/v1/namespaces/services/deployments/${NAME}`;

/** How long a request may take, in seconds. */
const TIMEOUT = 30;

/**
 * Reads the gateway's Deployment and its pods.
 *
 * @param access kubeconfig: path, paths or contents; default: $KUBECONFIG, else ~/.kube/config
 * @throws ClusterAccessError that says what could not be read, and why
 */
export async function readGateway({
  context,
  kubeconfig,
}: {
  context: string;
  kubeconfig?: string;
}): Promise<DeployedGateway> {
  const client = new ApiClient(selectTarget(await loadKubeconfig(kubeconfig), { context }), TIMEOUT);
  try {
    const deployment = await read(client, DEPLOYMENT);
    const selector = Object.entries(mapAt(deployment, 'spec', 'selector', 'matchLabels')).map(
      ([key, value]) => `${key}=${value as string}`,
    );
    const pods = listAt(await read(client, `${OBJECTS}/pods`, { labelSelector: selector.join() }), 'items');
    const containerOf = (spec: Json | undefined) => listAt(spec, 'containers')[0];
    return {
      deployment: await environment(containerOf(at(deployment, 'spec', 'template', 'spec')), client),
      // What a pod took from a ConfigMap at its start nobody but the gateway itself can tell.
      pods: await Promise.all(pods.filter(isRunning).map((pod) => environment(containerOf(at(pod, 'spec'))))),
      replicas: numberAt(deployment, 'spec', 'replicas'),
    };
  } catch (error) {
    throw error instanceof ApiError ? new ClusterAccessError(explain(error, client.server)) : error;
  } finally {
    client.close();
  }
}

async function read(client: ApiClient, path: string, query: Record<string, string> = {}): Promise<JsonMap> {
  return (await client.request({ method: 'GET', path, query, repeatable: true })).body;
}

function explain(error: ApiError, server: string): string {
  if (error.code === 404) return `the cluster lacks what \`make up\` makes: ${error.message}`;
  if (error.code === 401) return `the API server ${server} refuses the credentials of the kubeconfig: log in again`;
  return `the API server ${server} answered ${error.code}: ${error.message}`;
}

function isRunning(pod: Json): boolean {
  return textAt(pod, 'status', 'phase') === 'Running' && at(pod, 'metadata', 'deletionTimestamp') === undefined;
}

/** @param client absent: references are not followed */
async function environment(container: Json | undefined, client?: ApiClient): Promise<Environment> {
  const variables = listAt(container, 'env').map(async (variable) => {
    const name = textAt(variable, 'name');
    const value = at(variable, 'value');
    const reference = mapAt(variable, 'valueFrom', 'configMapKeyRef');
    if (typeof value === 'string') return [name, value] as const;
    if (client === undefined || textAt(reference, 'name') === '') return [name, undefined] as const;
    const map = await read(client, `${OBJECTS}/configmaps/${textAt(reference, 'name')}`);
    return [name, textAt(map, 'data', textAt(reference, 'key')) || undefined] as const;
  });
  return Object.fromEntries(await Promise.all(variables));
}
