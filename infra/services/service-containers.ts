import * as pulumi from '@pulumi/pulumi';
import type { CatalogueEntry } from './catalogue';
import type { ContainerSpec } from './container';
import type { ServiceDefinition, ServicePort, SidecarDefinition } from './definition';
import { environment, type EnvironmentContext } from './environment';
import { imageReference, overriddenImage } from './images';
import type { ServiceSettings } from './settings';

/**
 * The containers of a service's pod: its own first, then its sidecars.
 *
 * @throws pulumi.RunError if neither the catalogue nor the stack names the service's image
 */
export function serviceContainers(
  service: CatalogueEntry,
  settings: ServiceSettings,
  context: EnvironmentContext,
): ContainerSpec[] {
  const sidecars = service.definition.sidecars ?? [];
  return [mainContainer(service, settings, context), ...sidecars.map((sidecar) => sidecarContainer(sidecar, context))];
}

function mainContainer(
  { name, definition }: CatalogueEntry,
  settings: ServiceSettings,
  context: EnvironmentContext,
): ContainerSpec {
  const image = overriddenImage(definition.image, context.config.services, settings.image);
  if (image === undefined) {
    throw new pulumi.RunError(`${name} has no image: upstream names none for it, so the stack has to`);
  }
  return {
    name: definition.container ?? name,
    image,
    ports: definition.service.ports.map(({ port }) => port),
    probePort: probePort(definition),
    env: environment(settings.env, context),
    resources: settings.resources,
    // What is known of upstream's image says nothing about another one.
    runtime: settings.image.image === undefined ? definition.runtime : undefined,
  };
}

function sidecarContainer(sidecar: SidecarDefinition, context: EnvironmentContext): ContainerSpec {
  const { name, image, port, env, runtime } = sidecar;
  return {
    name,
    image: imageReference(image, context.config.services),
    ports: port === undefined ? [] : [port],
    probePort: port,
    env: environment(env ?? {}, context),
    runtime,
  };
}

function probePort({ service, probe }: ServiceDefinition): number {
  const ports: readonly ServicePort[] = service.ports;
  const port = probe === undefined ? ports[0] : ports.find(({ name }) => name === probe);
  if (port === undefined) throw new Error(`${service.name} has no port named ${probe ?? ''}`);
  return port.port;
}
