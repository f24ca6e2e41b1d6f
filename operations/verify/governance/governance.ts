import type { NetworkConfig } from '../../../infra/config';
import { type Finding, prove } from '../../../policies/proof';
import { connectServices, type Services } from '../../../policies/provider/services/services';
import { isJsonObject, parseJson } from '../../../policies/provider/wire/value';
import type { Gateway } from '../../../policies/provider/services/gateway';
import type { Cluster } from '../../cluster/cluster';
import { endpointsOf } from './endpoints';
import { type DeployedGateway, type Environment, readGateway } from './gateway';
import { compare, compareCluster, type Row, type Settings } from './settings';
import { type Wanted, wantedOf } from './wanted';

/** What was found out about a stack's governance. */
export interface Governance {
  /** Settings, in the places where they are found. */
  rows: Row[];
  /** Whether what is bound can be asked. */
  findings: Finding[];
}

/** Where and how it is looked. */
export interface Surroundings {
  /** For KUBECONFIG, where the stack's is encrypted, and the tokens of {@link endpointsOf}. */
  env: NodeJS.ProcessEnv;
  cluster: Cluster;
  /** Ends the waiting for services that do not answer. */
  end: AbortSignal;
}

/**
 * Compares a stack's settings of governance with the gateway's Deployment and with the gateway that runs, and looks whether
 * every policy that is bound can be run.
 *
 * @throws Error that says what could not be read
 */
export async function governance(config: NetworkConfig, { env, cluster, end }: Surroundings): Promise<Governance> {
  const deployed = await readGateway(cluster);
  // An encrypted kubeconfig cannot be read here; whoever verifies the stack has one with its context.
  const { context: name, kubeconfig } = config.cluster;
  const access = { context: name, ...(typeof kubeconfig === 'string' && { kubeconfig }) };
  const services = connectServices({ ...endpointsOf(config, env), concurrency: 8, ...access });
  const wanted = wantedOf(config);
  const request = requestUntil(end);
  const maps = await services.gateway.networkMaps(request(), deployed.replicas);
  const rows = [
    ...compare(wanted.network, deploymentOf(deployed), { pods: deployed.pods.map(execution), maps }),
    ...(await clusterRows(services.gateway, request, wanted.clusters)),
  ];
  return { rows, findings: await findingsOf(services, request, config, wanted, maps) };
}

async function findingsOf(
  services: Services,
  request: Request,
  config: NetworkConfig,
  { network, clusters }: Wanted,
  running: readonly unknown[],
): Promise<Finding[]> {
  const uris = [network.map, ...[...clusters.values()].map(({ map }) => map), ...running].flatMap(policiesIn);
  return prove(services, request(), config.policies, {
    executor: network.mode === 'remote' ? network.executor : undefined,
    uris,
  });
}

/** The URIs of the policies that a map names. */
function policiesIn(map: unknown): string[] {
  return Object.values(isJsonObject(map) ? map : {}).flatMap((value) => {
    const uri = isJsonObject(value) ? value.policyRuleURI : value;
    return typeof uri === 'string' && uri !== '' ? [uri] : [];
  });
}

function deploymentOf({ deployment }: DeployedGateway): Settings {
  const map = deployment.CLUSTER_CONTROLLER_GATEWAY_ACTIONS_MAP;
  return { ...execution(deployment), map: map === undefined ? {} : (parseJson(map) ?? map) };
}

function execution(environment: Environment): Pick<Settings, 'mode' | 'executor'> {
  return { mode: environment.POLICY_EXECUTION_MODE, executor: environment.POLICY_SYSTEM_EXECUTOR_ID };
}

/** How long the network's services are asked one thing, in milliseconds. */
const TIMEOUT = 30_000;

type Request = () => { signal: AbortSignal; status: () => undefined };

const requestUntil = (end: AbortSignal): Request => {
  return () => ({ signal: AbortSignal.any([end, AbortSignal.timeout(TIMEOUT)]), status: () => undefined });
};

async function clusterRows(gateway: Gateway, request: Request, wanted: Wanted['clusters']): Promise<Row[]> {
  const compared = [...wanted].map(async ([clusterId, own]) =>
    compareCluster(clusterId, own, await gateway.clusterMap(request(), clusterId)),
  );
  return (await Promise.all(compared)).flat();
}
