/** The parts of `urn:pulumi:<stack>::<project>::<parent type>$<type>::<name>`. */
export interface Urn {
  stack: string;
  project: string;
  /** Types of the ancestors and the resource, joined by `$`; the stack's own type is left out. */
  qualifiedType: string;
  /** The resource's own type. */
  type: string;
  name: string;
}

export const STACK_TYPE = 'pulumi:pulumi:Stack';
const PROVIDER_TYPE_PREFIX = 'pulumi:providers:';

const URN = /^urn:pulumi:(.+?)::(.+?)::(.+?)::(.*)$/s;

export function parseUrn(urn: string): Urn {
  const match = URN.exec(urn);
  if (!match) throw new Error(`not a resource URN: ${urn}`);
  const [, stack = '', project = '', qualifiedType = '', name = ''] = match;
  const type = qualifiedType.slice(qualifiedType.lastIndexOf('$') + 1);
  return { stack, project, qualifiedType, type, name };
}

/** @param parent the parent's URN; undefined or the stack's for a resource at the top */
export function makeUrn(
  stack: string,
  project: string,
  parent: string | undefined,
  type: string,
  name: string,
): string {
  return `urn:pulumi:${stack}::${project}::${qualify(parent, type)}::${name}`;
}

function qualify(parent: string | undefined, type: string): string {
  if (parent === undefined) return type;
  const { qualifiedType, type: parentType } = parseUrn(parent);
  return parentType === STACK_TYPE ? type : `${qualifiedType}$${type}`;
}

export const isProviderType = (type: string) => type.startsWith(PROVIDER_TYPE_PREFIX);

/** The package that a resource type belongs to: `kubernetes` of `kubernetes:core/v1:Secret`. */
export function packageOf(type: string): string {
  return isProviderType(type) ? type.slice(PROVIDER_TYPE_PREFIX.length) : type.slice(0, type.indexOf(':'));
}

/** A reference to a provider resource, as the protocol and the state spell it. */
export const providerReference = (urn: string, id: string) => `${urn}::${id}`;

export function parseProviderReference(reference: string): { urn: string; id: string } {
  const end = reference.lastIndexOf('::');
  return { urn: reference.slice(0, end), id: reference.slice(end + 2) };
}
