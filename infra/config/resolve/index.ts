import { secret } from '@pulumi/pulumi';
import { DEFAULT_DOMAIN } from '../../catalogue';
import { EMBEDDED_NETWORK, readEmbeddedNetwork, usesEmbeddedNetwork } from '../embedded-network';
import type { ImagePullConfig, NetworkConfig } from '../network-config';
import type { Sections } from '../sections';
import { clusterIdentity, kubeconfigPathOf, resolveCluster } from './cluster';
import { placementOf, resolveDatabase } from './databases';
import type { Lookup } from './environment';
import { resolveGateway } from './gateway';
import { Images } from './images';
import { resolveMonitoring } from './monitoring';
import { resolvePolicies } from './policies';
import { type UsedRules, usedRules } from './rules';
import { resolveServices } from './services';

/** The environment variable by which the launcher tells where the embedded cluster's kubeconfig is. */
export const EMBEDDED_KUBECONFIG = 'AIOS_EMBEDDED_KUBECONFIG';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What can be looked up for a configuration, whether or not it has problems. */
export interface Resolution {
  /** Absent where a section could not be read. Worthless where there is any problem. */
  config?: NetworkConfig;
  /** Which images are needed, and by what. */
  images?: Images;
  rules?: UsedRules;
  /** Path of the kubeconfig that the stack names. */
  kubeconfigPath?: string;
}

/**
 * Looks up everything that the sections leave to the catalogue, to each other and to the folders of rules. What they
 * contradict or lack is for the checks to tell; a configuration with problems never leaves `parseConfig`.
 */
export function resolve(stack: string, sections: Partial<Sections>, env: Environment): Resolution {
  const { network, registry, metrics, services, gateway, policies, monitoring, cluster } = sections;
  const rules = policies && usedRules(policies);
  const kubeconfigPath = cluster && kubeconfigPathOf(cluster, env.HOME);
  const known: Resolution = { ...(rules && { rules }), ...(kubeconfigPath !== undefined && { kubeconfigPath }) };
  if (services === undefined) return known;

  const images = new Images(services);
  const domain = cluster?.domain ?? DEFAULT_DOMAIN;
  const adopted = cluster?.adopt ?? false;
  const exposure = network ?? { advertisedHost: '', allowedNamespaces: [] };
  const { overrides, redis } = services;
  const lookup: Lookup = { ...exposure, images, overrides, redis, domain, adopted };
  const resolvedServices = resolveServices(lookup);
  const resolvedGateway = gateway && resolveGateway(gateway, lookup);
  const found: Resolution = { ...known, images };
  if (!network || !registry || !metrics || !resolvedGateway || !policies || !rules || !cluster) return found;

  const monitored = monitoring && resolveMonitoring(monitoring, images);
  const surroundings = { images, domain, stack, adopted, ipv6: cluster.ipv6, monitored: monitored !== undefined };
  const embedded = usesEmbeddedNetwork(stack, sections) ? readEmbeddedNetwork(env[EMBEDDED_NETWORK]) : undefined;
  const config: NetworkConfig = {
    stack,
    adopted,
    network: { name: network.name, advertisedHost: network.advertisedHost },
    registry: resolveDatabase(registry, surroundings),
    metrics: resolveDatabase(metrics, surroundings),
    placements: { registry: placementOf(registry, domain, adopted), metrics: placementOf(metrics, domain, adopted) },
    imagePull: imagePull(services),
    services: resolvedServices,
    gateway: resolvedGateway,
    policies: resolvePolicies(policies, rules, lookup, embedded),
    ...(monitored && { monitoring: monitored }),
    cluster: resolveCluster(cluster, env[EMBEDDED_KUBECONFIG], env.HOME),
    clusterIdentity: clusterIdentity(cluster),
    ...(cluster.architecture !== undefined && { architecture: cluster.architecture }),
    namespaces: { are: cluster.namespaces, podSecurity: cluster.podSecurity },
  };
  return { ...found, config };
}

function imagePull(services: Sections['services']): ImagePullConfig {
  const { imagePullSecrets, pullSecretFrom, imageRegistry, registryCredentials } = services;
  const copy = pullSecretFrom && { name: pullSecretFrom.name, from: pullSecretFrom.namespace };
  const secrets = { secrets: imagePullSecrets, ...(copy && { copy }) };
  if (registryCredentials === undefined || imageRegistry === undefined) return secrets;
  const [registry = ''] = imageRegistry.split('/');
  const { username, password } = registryCredentials;
  return { ...secrets, credentials: { registry, username, password: secret(password) } };
}
