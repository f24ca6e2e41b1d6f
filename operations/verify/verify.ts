import * as pulumi from '@pulumi/pulumi';
import type { NetworkConfig } from '../../infra/config';
import type { Endpoint } from '../../policies/provider/http/endpoint';
import { connectServices } from '../../policies/provider/services/services';
import { parseJson } from '../../policies/provider/wire/value';
import type { Gateway } from '../../policies/provider/services/gateway';
import { clusterOf, type DeployedGateway, type Environment, readGateway } from './cluster';
import { compare, compareCluster, type Row, type Settings } from './settings';
import { type Wanted, wantedOf } from './wanted';

/** By this variable one gives the gateway's token, which is encrypted in the stack's file. */
const TOKEN = 'AIOS_GATEWAY_TOKEN';

/**
 * Compares a stack's settings of governance with the gateway's Deployment and with the gateway that runs.
 *
 * @param env for KUBECONFIG, where the stack's is encrypted, and AIOS_GATEWAY_TOKEN, where the gateway wants one
 * @throws Error that says what could not be read
 */
export async function verify(config: NetworkConfig, env: NodeJS.ProcessEnv): Promise<Row[]> {
  // An encrypted kubeconfig cannot be read here; whoever verifies the stack has one with its context.
  const { context, kubeconfig } = config.cluster;
  const access = { context, ...(typeof kubeconfig === 'string' && { kubeconfig }) };
  const deployed = await readGateway(clusterOf(access));
  const endpoint = gatewayEndpoint(config, env);
  const unused = { policiesSystem: endpoint, clustersRegistry: endpoint };
  const { gateway } = connectServices({ gateway: endpoint, ...unused, concurrency: 8, ...access });
  const wanted = wantedOf(config);
  return [
    ...compare(wanted.network, deploymentOf(deployed), {
      pods: deployed.pods.map(execution),
      maps: await answeredMaps(gateway, deployed.replicas),
    }),
    ...(await clusterRows(gateway, wanted.clusters)),
  ];
}

function deploymentOf({ deployment }: DeployedGateway): Settings {
  const map = deployment.CLUSTER_CONTROLLER_GATEWAY_ACTIONS_MAP;
  return { ...execution(deployment), map: map === undefined ? {} : (parseJson(map) ?? map) };
}

function execution(environment: Environment): Pick<Settings, 'mode' | 'executor'> {
  return { mode: environment.POLICY_EXECUTION_MODE, executor: environment.POLICY_SYSTEM_EXECUTOR_ID };
}

const context = () => ({ signal: AbortSignal.timeout(30_000), status: () => undefined });

/** The different maps among so many answers that every replica was heard, in all likelihood. */
async function answeredMaps(gateway: Gateway, replicas: number): Promise<unknown[]> {
  const maps = await gateway.networkMaps(context(), replicas);
  return [...new Map(maps.map((map) => [JSON.stringify(map), map])).values()];
}

async function clusterRows(gateway: Gateway, wanted: Wanted['clusters']): Promise<Row[]> {
  const compared = [...wanted].map(async ([clusterId, own]) =>
    compareCluster(clusterId, own, await gateway.clusterMap(context(), clusterId)),
  );
  return (await Promise.all(compared)).flat();
}

function gatewayEndpoint(config: NetworkConfig, env: NodeJS.ProcessEnv): Endpoint {
  const endpoint = config.policies.endpoints.gateway;
  if ('service' in endpoint || endpoint.token === undefined) return endpoint as Endpoint;
  const token = env[TOKEN];
  if (token === undefined)
    throw new pulumi.RunError(`the gateway wants a token, which is encrypted: give it in ${TOKEN}`);
  return { ...endpoint, token };
}
