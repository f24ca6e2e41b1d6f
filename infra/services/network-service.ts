import { Deployment } from '@pulumi/kubernetes/apps/v1';
import { Service, ServiceAccount } from '@pulumi/kubernetes/core/v1';
import { NetworkPolicy } from '@pulumi/kubernetes/networking/v1';
import { PodDisruptionBudget } from '@pulumi/kubernetes/policy/v1';
import * as pulumi from '@pulumi/pulumi';
import type { ServiceConfig } from '../config';
import { exposeRoutes } from '../exposure/routes';
import { deploymentSpec, type DeploymentParts } from '../workload/deployment';
import { disruptionBudgetSpec } from '../workload/disruption-budget';
import { commonLabels, objectMeta } from '../workload/metadata';
import { ingressPolicySpec, peersOf } from '../workload/network-policy';
import { serviceSpec } from '../workload/service';
import { container, podVolumes } from './container';
import type { DatabaseAccess } from './environment';

/** Arguments of {@link NetworkService}. */
export interface NetworkServiceArgs {
  /** The service as the stack has it. */
  config: ServiceConfig;
  /** The database of the service's namespace; needed where its environment has a connection string. */
  database?: DatabaseAccess | undefined;
  /** Labels of the pods beside the common ones, such as the one that lets them connect to the database. */
  podLabels?: Record<string, string>;
  /** Names of pull Secrets in the service's namespace. */
  imagePullSecrets: readonly string[];
  /** What has to be ready before the pods start. Nothing else waits for it. */
  startAfter?: pulumi.Resource[];
  /** What has to have its node ports before the cluster chooses one for this service. */
  portsAfter?: pulumi.Resource[];
}

/**
 * One service of the network: Deployment, Service, ServiceAccount, NetworkPolicy and, where it has several replicas, a
 * PodDisruptionBudget; where the stack has routes in place of node ports, those. All bear the service's name, except the Service, whose name upstream chose.
 */
export class NetworkService extends pulumi.ComponentResource {
  /** The Service, which has the node ports. */
  readonly service: Service;

  constructor(name: string, args: NetworkServiceArgs, options: pulumi.ComponentResourceOptions) {
    super('aios:index:NetworkService', name, {}, options);
    const { config, portsAfter = [] } = args;
    const { ports, sources } = config.service;
    const metadata = objectMeta(config.name, { namespace: config.namespace });
    const child = { parent: this };

    const account = new ServiceAccount(name, { metadata, automountServiceAccountToken: false }, child);
    const service = { metadata: serviceMetadata(config), spec: serviceSpec(config.name, config.service) };
    this.service = new Service(name, service, { ...child, dependsOn: portsAfter });
    const open = ports.map(({ port }) => port);
    // Anybody may come, other clusters through the node ports, unless the stack says who; but to the service's own ports alone.
    new NetworkPolicy(name, { metadata, spec: ingressPolicySpec(config.name, open, peersOf(sources)) }, child);
    exposeRoutes(config.service, config.namespace, { ...child, dependsOn: this.service });
    if (config.replicas > 1)
      new PodDisruptionBudget(name, { metadata, spec: disruptionBudgetSpec(config.name) }, child);
    const dependsOn = [account, ...(args.startAfter ?? [])];
    new Deployment(name, { metadata, spec: deploymentSpec(deployment(args)) }, { ...child, dependsOn });
    this.registerOutputs({});
  }
}

function deployment({ config, database, podLabels, imagePullSecrets }: NetworkServiceArgs): DeploymentParts {
  const { name, replicas, containers, recreate } = config;
  return {
    name,
    account: name,
    replicas,
    recreate,
    containers: containers.map((one) => container(one, name, database)),
    volumes: podVolumes(containers, database),
    imagePullSecrets,
    ...(podLabels && { labels: podLabels }),
    ...(database && database.rotation > 0 && { annotations: credentialsRotation(database) }),
  };
}

/** A container reads its environment when it starts, and so each rotation restarts who has a connection string. */
function credentialsRotation({ rotation }: DatabaseAccess): Record<string, string> {
  return { 'aios-network/credentials-rotation': `${rotation}` };
}

/**
 * The Service exists at once, so that others resolve its name while they start. Whether it has endpoints is known when
 * the Deployment is ready, whose pods it selects by construction: waiting for both would be waiting twice.
 */
function serviceMetadata({ name, namespace, service }: ServiceConfig) {
  return objectMeta(service.name, {
    namespace,
    labels: commonLabels(name),
    annotations: { 'pulumi.com/skipAwait': 'true', ...service.annotations },
  });
}
