import { type Json, type JsonMap, at, listAt, mapAt, numberAt, textAt } from '../../../kubernetes-api';
import { UserError } from '../../command-line';
import type { Cluster } from '../../cluster/cluster';
import { selects } from '../../cluster/selects';

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

/**
 * Reads the gateway's Deployment and its pods.
 *
 * @throws UserError if there is none; ApiError if it may not be read
 */
export async function readGateway(cluster: Cluster): Promise<DeployedGateway> {
  const deployment = await cluster.get(DEPLOYMENT);
  if (deployment === undefined) throw new UserError(`Deployment services/${NAME} is not there: make up makes it`);
  const labels = mapAt(deployment, 'spec', 'selector', 'matchLabels');
  const pods = (await cluster.list(`${OBJECTS}/pods`)).filter((pod) => selects(labels, pod));
  const containerOf = (spec: Json | undefined) => listAt(spec, 'containers')[0];
  return {
    deployment: await environment(containerOf(at(deployment, 'spec', 'template', 'spec')), cluster),
    // What a pod took from a ConfigMap at its start nobody but the gateway itself can tell.
    pods: await Promise.all(pods.filter(isRunning).map((pod) => environment(containerOf(at(pod, 'spec'))))),
    replicas: numberAt(deployment, 'spec', 'replicas'),
  };
}

function isRunning(pod: Json): boolean {
  return textAt(pod, 'status', 'phase') === 'Running' && at(pod, 'metadata', 'deletionTimestamp') === undefined;
}

/** @param cluster absent: references are not followed */
async function environment(container: Json | undefined, cluster?: Cluster): Promise<Environment> {
  const variables = listAt(container, 'env').map(async (variable) => {
    const name = textAt(variable, 'name');
    const value = at(variable, 'value');
    const reference: JsonMap = mapAt(variable, 'valueFrom', 'configMapKeyRef');
    if (typeof value === 'string') return [name, value] as const;
    if (cluster === undefined || textAt(reference, 'name') === '') return [name, undefined] as const;
    const map = await cluster.get(`${OBJECTS}/configmaps/${textAt(reference, 'name')}`);
    return [name, textAt(map, 'data', textAt(reference, 'key')) || undefined] as const;
  });
  return Object.fromEntries(await Promise.all(variables));
}
