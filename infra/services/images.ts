import type { ServicesConfig } from '../config';
import type { ImageSource } from './definition';

/** Registry that upstream's manifests name; a stack without `services.imageRegistry` uses it as upstream does. */
const upstreamImageRegistry = '34.58.1.86:31280';

const mutableTag = 'latest';

/** What a stack may say about one image. */
export interface ImageOverride {
  /** Complete reference in place of the catalogue's; the settings for all services don't apply to it. */
  image?: string;
  tag?: string;
  /** Takes the place of any tag. */
  digest?: string;
}

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
  override: ImageOverride,
): string | undefined {
  const base = override.image ?? (source && imageReference(source, services));
  if (base === undefined) return undefined;
  const { name, tag, digest } = splitReference(base);
  if (override.digest !== undefined) return `${name}@${override.digest}`;
  if (override.tag !== undefined) return `${name}:${override.tag}`;
  return digest === undefined ? `${name}:${tag ?? mutableTag}` : base;
}

/** A tag that may move has to be asked for at every start; any other image never changes once it is pulled. */
export function pullPolicy(reference: string): 'Always' | 'IfNotPresent' {
  const { tag, digest } = splitReference(reference);
  return digest === undefined && (tag ?? mutableTag) === mutableTag ? 'Always' : 'IfNotPresent';
}

/** Host and port of the registry that the network's own images come from. */
export function networkRegistryHost(services: ServicesConfig): string {
  return networkRegistry(services).split('/')[0] ?? '';
}

function networkRegistry(services: ServicesConfig): string {
  return services.imageRegistry ?? upstreamImageRegistry;
}

/** A first segment with a dot, a port, or the name localhost is a registry: the rule of every container client. */
function namesRegistry(reference: string): boolean {
  const [first = '', ...rest] = reference.split('/');
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
}

function splitReference(reference: string): { name: string; tag?: string; digest?: string } {
  const match = /^(?<name>.+?)(?::(?<tag>[^:/@]+))?(?:@(?<digest>.+))?$/.exec(reference);
  const { name = reference, tag, digest } = match?.groups ?? {};
  return { name, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}
