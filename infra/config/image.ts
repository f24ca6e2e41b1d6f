/** What a configuration says about an image: the reference, or parts of it that replace those of a default. */
export interface ImageSettings {
  image?: string;
  tag?: string;
  digest?: string;
}

/** Tag and digest that a complete image reference carries. */
export function parseImage(reference: string): { tag?: string; digest?: string } {
  const [name = '', digest] = reference.split('@');
  const tag = /:([^:/]+)$/.exec(name)?.[1];
  return { ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}

/** Whether the image stays the same until the configuration changes, as far as names can tell. */
export function isPinned({ tag, digest }: { tag?: string; digest?: string }): boolean {
  return digest !== undefined || (tag !== undefined && tag !== 'latest');
}
