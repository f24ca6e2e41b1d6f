import type { ContainerResources, NetworkConfig, ServiceName } from '../config';
import type { ImageSettings } from '../config/image';
import { catalogue } from './catalogue';
import type { EnvSource } from './definition';

/** What a stack decides about one service, merged over the catalogue. */
export interface ServiceSettings {
  /** Number of pods. */
  replicas: number;
  /** What the stack says about the image of the service's own container. */
  image: ImageSettings;
  /** Requests and limits of the service's own container; what is missing has a default. */
  resources?: ContainerResources | undefined;
  /** Environment of the service's own container. */
  env: Readonly<Record<string, EnvSource>>;
}

/** Settings of a service: the catalogue's, with the stack's `services.overrides` over them. */
export function serviceSettings(name: ServiceName, config: NetworkConfig): ServiceSettings {
  const override = config.services.overrides[name] ?? {};
  return {
    replicas: override.replicas ?? 1,
    image: override,
    resources: override.resources,
    env: mergeEnvironment(catalogue[name].definition.env ?? {}, override.env ?? {}),
  };
}

/** Whether the stack has the service at all. */
export function isEnabled(name: ServiceName, config: NetworkConfig): boolean {
  return config.services.overrides[name]?.enabled ?? true;
}

/** Variables with others over them; the ones that are new come last, sorted, whatever their order in the stack's file. */
export function mergeEnvironment(
  variables: Readonly<Record<string, EnvSource>>,
  overrides: Readonly<Record<string, EnvSource>>,
): Record<string, EnvSource> {
  const added = Object.entries(overrides).sort(([left], [right]) => (left < right ? -1 : 1));
  return { ...variables, ...Object.fromEntries(added) };
}
