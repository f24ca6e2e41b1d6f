import { Provider as KubernetesProvider } from '@pulumi/kubernetes/provider';
import { Provider as RandomProvider } from '@pulumi/random/provider';
import { AiosProvider, TargetCluster } from '../policies/resources';
import { adoption } from './adoption';
import { NAMESPACES } from './catalogue';
import { loadConfig } from './config';
import { dataPlacements } from './database/data-placements';
import { databaseNodes } from './database/database-nodes';
import { proveBound } from './governance/proof';
import { ManagementCluster } from './management-cluster';
import { onArchitecture } from './node-architecture';

const config = loadConfig();

const aios = new AiosProvider('aios', { ...config.policies.endpoints, ...config.cluster });

const target = new TargetCluster(
  'cluster',
  { namespaces: NAMESPACES, namespacesAre: config.namespaces.are, ...config.clusterIdentity },
  { provider: aios },
);

const dependsOn = [
  target,
  ...dataPlacements(config, { provider: aios, dependsOn: target }),
  ...databaseNodes(config, { provider: aios, dependsOn: target }),
];

const settings = {
  ...config.cluster,
  // The network's name tells the cluster: a new address of its API server, as the embedded one has at each start, must
  // not look like another cluster, on which everything would be made anew.
  clusterIdentifier: config.network.name,
  // A new password or script is an update of its Secret or ConfigMap, not another object.
  enableSecretMutable: true,
  enableConfigMapMutable: true,
  // What upstream's installer made is there already.
  ...(config.adopted && { upsertExistingObjects: true }),
};
const kubernetes = new KubernetesProvider('kubernetes', settings, { dependsOn });

// Under the CLI, a provider is a process: only a stack that keeps volumes has a second one.
const keepsVolumes = config.registry.protect || config.metrics.protect;
const volumes = keepsVolumes
  ? new KubernetesProvider('kubernetes-volumes', { ...settings, upsertExistingObjects: true }, { dependsOn })
  : undefined;

const random = new RandomProvider('random');

const providers = { kubernetes, random, aios };
const transformations = [
  ...(config.adopted ? [adoption] : []),
  ...(config.architecture === undefined ? [] : [onArchitecture(config.architecture)]),
];
const options = { providers, dependsOn, transformations };
const cluster = new ManagementCluster(config.network.name, config, options, volumes);

proveBound(config, cluster.policyMaps);

/** Addresses of the services: inside the cluster, and for other clusters. */
export const services = cluster.services;

/** The registry database: its members, and its connection strings. */
export const registry = cluster.registry;

/** The metrics database: its members, and its connection strings. */
export const metrics = cluster.metrics;
