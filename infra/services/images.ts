import type { ServicesConfig } from '../config';
import { type ImageSettings, isPinned, parseImage } from '../config/image';
import type { ImageSource } from './definition';

/** Tag of an image that nobody gave one. */
const mutableTag = 'latest';

/** Reference of an image of the catalogue, from the registries that the stack names. */
export function imageReference(source: ImageSource, services: ServicesConfig): string {
  if (source.registry === 'public') return publicImage(`${source.path}:${source.tag}`, services);
  return `${networkRegistry(services)}/${source.path}:${services.tag ?? mutableTag}`;
}

/**
 * Reference of an image that upstream takes from the public hub, from the stack's mirror if it names one. A reference that
 * names its registry is left alone.
 */
export function publicImage(reference: string, { publicImageRegistry }: ServicesConfig): string {
  return publicImageRegistry === undefined || namesRegistry(reference)
    ? reference
    : `${publicImageRegistry}/${reference}`;
}

/**
 * Reference of a service's image: the catalogue's with what the stack says about it.
 *
 * @returns undefined where neither the catalogue nor the stack names an image
 */
export function overriddenImage(
  source: ImageSource | undefined,
  services: ServicesConfig,
  override: ImageSettings,
): string | undefined {
  const base = override.image ?? (source && imageReference(source, services));
  if (base === undefined) return undefined;
  const name = base.replace(/(:[^:/@]+)?(@.+)?$/, '');
  if (override.digest !== undefined) return `${name}@${override.digest}`;
  if (override.tag !== undefined) return `${name}:${override.tag}`;
  const { tag, digest } = parseImage(base);
  return tag === undefined && digest === undefined ? `${name}:${mutableTag}` : base;
}

/** A tag that may move has to be asked for at every start; any other image never changes once it is pulled. */
export function pullPolicy(reference: string): 'Always' | 'IfNotPresent' {
  return isPinned(parseImage(reference)) ? 'IfNotPresent' : 'Always';
}

/** Host and port of the registry that the network's own images come from. */
export function networkRegistryHost(services: ServicesConfig): string {
  return networkRegistry(services).split('/')[0] ?? '';
}

function networkRegistry({ imageRegistry }: ServicesConfig): string {
  if (imageRegistry === undefined)
    throw new Error('services.imageRegistry is needed, and loadConfig let it be missing');
  return imageRegistry;
}

/** A first segment with a dot, a port, or the name localhost is a registry: the rule of every container client. */
function namesRegistry(reference: string): boolean {
  const [first = '', ...rest] = reference.split('/');
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
}
