import type { ImageSource } from '../../catalogue';
import { type ImageSettings, parseImage } from '../image';
import type { Sections } from '../sections';

/** Tag of an image that nobody gave one. */
const MUTABLE_TAG = 'latest';

/** Where the images of a stack come from. */
type ImageRegistries = Pick<Sections['services'], 'imageRegistry' | 'publicImageRegistry' | 'tag'>;

/**
 * Turns the images of the catalogue into references, and remembers for whom: what a stack leaves out is told once, with
 * everything that needs it.
 */
export class Images {
  /** What has no image as long as the stack names no registry: services, and keys of the gateway. */
  readonly withoutRegistry = new Set<string>();
  /** What runs with the tag that all share. */
  readonly onSharedTag = new Set<string>();
  /** What runs with a tag of the catalogue. */
  readonly onOwnTag = new Set<string>();

  constructor(private readonly registries: ImageRegistries) {}

  /** Reference of an image of the catalogue. @param user what needs it */
  of(source: ImageSource, user: string): string {
    if (source.registry === 'public') {
      this.onOwnTag.add(user);
      return this.public(`${source.path}:${source.tag}`);
    }
    this.onSharedTag.add(user);
    return `${this.network(user)}/${source.path}:${this.registries.tag ?? MUTABLE_TAG}`;
  }

  /** Reference of an image of the catalogue, or of another one, with what the stack says about its version. */
  overridden(source: ImageSource, override: ImageSettings, user: string): string {
    if (override.image !== undefined) return withVersion(override.image, override);
    if (source.registry === 'public') {
      const reference = override.digest === undefined ? this.of(source, user) : this.public(source.path);
      return withVersion(reference, override);
    }
    if ((override.tag ?? override.digest) === undefined) return this.of(source, user);
    return withVersion(`${this.network(user)}/${source.path}`, override);
  }

  /**
   * Reference of an image that upstream takes from the public hub, from the stack's mirror if it names one. A reference
   * that names its registry is left alone.
   */
  public(reference: string): string {
    const { publicImageRegistry } = this.registries;
    return publicImageRegistry === undefined || namesRegistry(reference)
      ? reference
      : `${publicImageRegistry}/${reference}`;
  }

  private network(user: string): string {
    const { imageRegistry = '' } = this.registries;
    if (imageRegistry === '') this.withoutRegistry.add(user);
    return imageRegistry;
  }
}

/** A reference with the tag or digest that is said beside it; without either of them anywhere, the tag is latest. */
export function withVersion(reference: string, { tag, digest }: ImageSettings): string {
  const name = reference.replace(/(:[^:/@]+)?(@.+)?$/, '');
  if (digest !== undefined) return `${name}@${digest}`;
  if (tag !== undefined) return `${name}:${tag}`;
  const carried = parseImage(reference);
  return carried.tag === undefined && carried.digest === undefined ? `${name}:${MUTABLE_TAG}` : reference;
}

/** A first segment with a dot, a port, or the name localhost is a registry: the rule of every container client. */
function namesRegistry(reference: string): boolean {
  const [first = '', ...rest] = reference.split('/');
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
}
