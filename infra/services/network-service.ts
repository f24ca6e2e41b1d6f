import { Deployment } from '@pulumi/kubernetes/apps/v1';
import { Service, ServiceAccount } from '@pulumi/kubernetes/core/v1';
import { NetworkPolicy } from '@pulumi/kubernetes/networking/v1';
import { PodDisruptionBudget } from '@pulumi/kubernetes/policy/v1';
import * as pulumi from '@pulumi/pulumi';
import type { NetworkConfig } from '../config';
import { commonLabels, objectMeta } from '../metadata';
import type { CatalogueEntry } from './catalogue';
import type { DatabaseAccess } from './environment';
import { disruptionBudget, ingressPolicy, serviceSpec } from './network';
import { deploymentSpec, type PodSpec } from './pod';
import { serviceContainers } from './service-containers';
import type { ServiceSettings } from './settings';

/** Arguments of {@link NetworkService}. */
export interface NetworkServiceArgs {
  /** The service as the catalogue describes it. */
  service: CatalogueEntry;
  /** The service as the stack wants it. */
  settings: ServiceSettings;
  /** Where addresses of other services, image registries and node ports are looked up. */
  config: NetworkConfig;
  /** The database of the service's namespace; needed where its environment has a connection string. */
  database?: DatabaseAccess | undefined;
  /** Labels of the pods beside the common ones, such as the one that lets them connect to the database. */
  podLabels?: Record<string, string>;
  /** Names of pull Secrets in the service's namespace. */
  imagePullSecrets: readonly string[];
  /** What has to be ready before the pods start. Nothing else waits for it. */
  startAfter?: pulumi.Resource[];
}

/**
 * One service of the network: Deployment, Service, ServiceAccount, NetworkPolicy and, where it has several replicas, a
 * PodDisruptionBudget. All bear the service's name, except the Service, whose name upstream chose.
 *
 * @throws pulumi.RunError if nobody names an image, or if several replicas are wanted of a service that keeps its data
 * in the pod
 */
export class NetworkService extends pulumi.ComponentResource {
  constructor(name: string, args: NetworkServiceArgs, options: pulumi.ComponentResourceOptions) {
    super('aios:index:NetworkService', name, {}, options);
    const { service, config } = args;
    const pod = podSpec(args);
    const metadata = objectMeta(service.name, { namespace: service.namespace });
    const child = { parent: this };

    const account = new ServiceAccount(name, { metadata, automountServiceAccountToken: false }, child);
    new Service(name, { metadata: serviceMetadata(service), spec: serviceSpec(service, config) }, child);
    new NetworkPolicy(name, { metadata, spec: ingressPolicy(service) }, child);
    if (pod.replicas > 1) new PodDisruptionBudget(name, { metadata, spec: disruptionBudget(service.name) }, child);
    const dependsOn = [account, ...(args.startAfter ?? [])];
    new Deployment(name, { metadata, spec: deploymentSpec(pod) }, { ...child, dependsOn });
    this.registerOutputs({});
  }
}

function podSpec(args: NetworkServiceArgs): PodSpec {
  const { name, definition } = args.service;
  const { replicas } = args.settings;
  if (replicas > 1 && definition.notReplicable !== undefined) {
    throw new pulumi.RunError(
      `services.overrides.${name}.replicas is ${replicas}, but ${name} can't be replicated: ` +
        `${definition.notReplicable}, so each pod would see data of its own. Leave replicas at 1.`,
    );
  }
  return {
    name,
    replicas,
    containers: serviceContainers(args.service, args.settings, args),
    labels: args.podLabels ?? {},
    imagePullSecrets: args.imagePullSecrets,
    recreate: definition.notReplicable !== undefined,
  };
}

/**
 * The Service exists at once, so that others resolve its name while they start. Whether it has endpoints is known when
 * the Deployment is ready, whose pods it selects by construction: waiting for both would be waiting twice.
 */
function serviceMetadata({ name, namespace, definition }: CatalogueEntry) {
  return objectMeta(definition.service.name, {
    namespace,
    labels: commonLabels(name),
    annotations: { 'pulumi.com/skipAwait': 'true' },
  });
}
