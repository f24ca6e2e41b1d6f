import { catalogue, type CatalogueEntry, SERVICE_NAMES, type ServiceName } from '../../catalogue';
import type { ServiceDefinition, ServicePort, SidecarDefinition } from '../../catalogue/definition';
import type { ContainerConfig, NetworkConfig, Replication, ServiceConfig } from '../network-config';
import type { ServiceOverride } from '../services';
import { resolveService } from './addresses';
import { type Lookup, mergeEnvironment, resolveEnvironment } from './environment';
import { redisArgs } from './redis';
import { resolveResources } from './resources';

/** The services that the stack has: the catalogue's, with `services.overrides` over them. */
export function resolveServices(lookup: Lookup): NetworkConfig['services'] {
  const services = SERVICE_NAMES.flatMap((name): [ServiceName, ServiceConfig][] => {
    const override = lookup.overrides[name] ?? {};
    const { image } = catalogue[name].definition;
    // The gateway has a section of its own, and no image in the catalogue.
    if (override.enabled === false || image === undefined) return [];
    return [[name, serviceConfig({ ...catalogue[name], image }, override, lookup)]];
  });
  return Object.fromEntries(services);
}

type ImagedEntry = CatalogueEntry & { image: NonNullable<ServiceDefinition['image']> };

function serviceConfig(entry: ImagedEntry, override: ServiceOverride, lookup: Lookup): ServiceConfig {
  const { name, namespace, definition } = entry;
  const sidecars = (definition.sidecars ?? []).map((sidecar) => sidecarContainer(sidecar, name, override, lookup));
  return {
    name,
    namespace,
    service: resolveService(name, lookup),
    ...(override.databases && { databases: override.databases }),
    containers: [mainContainer(entry, override, lookup), ...sidecars],
    ...replication(definition, override.replicas ?? 1),
  };
}

function replication({ notReplicable }: ServiceDefinition, replicas: number): Replication {
  return notReplicable === undefined ? { replicas, recreate: false } : { replicas: 1, recreate: true };
}

function mainContainer(
  { name, definition, image }: ImagedEntry,
  override: ServiceOverride,
  lookup: Lookup,
): ContainerConfig {
  const env = mergeEnvironment(definition.env ?? {}, override.env ?? {});
  const resources = resolveResources(override.resources);
  return {
    name: definition.container ?? name,
    image: lookup.images.overridden(image, override, name),
    ports: definition.service.ports.map(({ port }) => port),
    probePort: probePort(definition),
    env: resolveEnvironment(env, name, lookup),
    resources,
    // What is known of upstream's image says nothing about another one.
    ...(definition.runtime !== undefined && override.image === undefined
      ? { runtime: definition.runtime, ...argsOf(definition, resources, lookup) }
      : ownUser(override)),
  };
}

function sidecarContainer(
  sidecar: SidecarDefinition,
  service: ServiceName,
  override: ServiceOverride,
  lookup: Lookup,
): ContainerConfig {
  const { name, image, port, env, runtime, redis } = sidecar;
  const { sidecarDigest: digest } = override;
  const resources = resolveResources(redis && lookup.redis.resources);
  return {
    name,
    image: lookup.images.overridden(image, digest === undefined ? {} : { digest }, service),
    ports: port === undefined ? [] : [port],
    ...(port !== undefined && { probePort: port }),
    env: resolveEnvironment(env ?? {}, service, lookup),
    resources,
    ...argsOf(sidecar, resources, lookup),
    ...(runtime ? { runtime } : ownUser(override)),
  };
}

function argsOf(
  { redis }: Pick<SidecarDefinition, 'redis'>,
  resources: ContainerConfig['resources'],
  { redis: { maxMemory } }: Lookup,
): Pick<ContainerConfig, 'args'> {
  return redis === undefined ? {} : { args: redisArgs(redis, resources, maxMemory) };
}

/** What the stack says of the service's own images, sidecars included. */
function ownUser({ runAsUser }: ServiceOverride): Pick<ContainerConfig, 'runAsUser'> {
  return runAsUser === undefined ? {} : { runAsUser };
}

function probePort({ service, probe }: ServiceDefinition): number {
  const ports: readonly ServicePort[] = service.ports;
  return (ports.find(({ name }) => name === probe) ?? service.ports[0]).port;
}
