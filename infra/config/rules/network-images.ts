import { catalogue } from '../../services/catalogue';
import { GATEWAY_IMAGE_ENV } from '../gateway-environment';
import type { Sections } from '../sections';
import { SERVICE_NAMES, type ServiceName } from '../service-names';
import type { ServiceOverride } from '../services';

type Services = Sections['services'];

/** The services that run with an image of the catalogue; the gateway has none there. */
export function imagedServices({ overrides }: Services): ServiceName[] {
  return SERVICE_NAMES.filter(
    (name) => catalogue[name].definition.image !== undefined && overrides[name]?.enabled !== false,
  );
}

/** Whether the service runs or hands out images of the network's registry besides its own. */
function hasFurtherImages(name: ServiceName, override: ServiceOverride): boolean {
  const { sidecars = [], env = {} } = catalogue[name].definition;
  if (sidecars.some(({ image }) => image.registry === 'network')) return true;
  return Object.entries(env).some(
    ([variable, source]) =>
      typeof source === 'object' && source.from === 'image' && override.env?.[variable] === undefined,
  );
}

/**
 * What takes an image from the network's registry (`services.imageRegistry`), as names of services and keys of the gateway.
 * @param replaces whether an override takes the place of what is asked for in the service's own image
 */
export function usersOfNetworkImages(
  services: Services,
  gateway: Sections['gateway'] | undefined,
  replaces: (override: ServiceOverride) => boolean,
): string[] {
  const names = imagedServices(services).filter((name) => {
    const override = services.overrides[name] ?? {};
    const own = catalogue[name].definition.image?.registry === 'network' && !replaces(override);
    return own || hasFurtherImages(name, override);
  });
  const images = Object.keys(gateway === undefined ? {} : GATEWAY_IMAGE_ENV)
    .filter((key) => !Object.keys(gateway?.images ?? {}).includes(key))
    .map((key) => `gateway.images.${key}`);
  return [...names, ...images];
}
