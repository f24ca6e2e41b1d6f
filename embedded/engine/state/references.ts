import type { ResourceState } from './resource-state';
import { STACK_TYPE, parseProviderReference, providerReference } from './urn';

/** By resource, which is immutable: a state is checked as a whole each time it is written. */
const references = new WeakMap<ResourceState, string[]>();

/** Every URN that has to stand before the resource in a state: parent, provider, dependencies. */
export function referencesOf(resource: ResourceState): string[] {
  const known = references.get(resource);
  if (known) return known;
  const { parent, provider, dependencies = [], propertyDependencies = {} } = resource;
  const deletedWith = deletedWithOf(resource);
  const urns = new Set([
    ...(parent === undefined ? [] : [parent]),
    ...(provider === undefined ? [] : [parseProviderReference(provider).urn]),
    ...dependencies,
    ...Object.values(propertyDependencies).flat(),
    ...(deletedWith === undefined ? [] : [deletedWith]),
  ]);
  const found = [...urns];
  references.set(resource, found);
  return found;
}

function deletedWithOf({ rest }: ResourceState): string | undefined {
  const value = rest?.deletedWith;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * Makes resources refer to what is there: references to a renamed resource follow it, references to resources that are
 * gone are dropped, and children of a gone parent become the stack's.
 *
 * @param renamed new URNs by old ones
 */
export function repairReferences(
  resources: ResourceState[],
  renamed: ReadonlyMap<string, string> = new Map(),
): ResourceState[] {
  const present = new Set(resources.map(({ urn }) => urn));
  const stack = resources.find(({ type }) => type === STACK_TYPE)?.urn;
  return resources.map((resource) => {
    const isMissing = (urn: string) => !present.has(urn);
    if (!referencesOf(resource).some(isMissing)) return resource;
    return repaired(resource, referencesOf(resource).filter(isMissing), { present, renamed, stack });
  });
}

interface Surroundings {
  present: ReadonlySet<string>;
  renamed: ReadonlyMap<string, string>;
  stack: string | undefined;
}

/** By the broken resource: writing a state again must not serialise it anew. */
const repairs = new WeakMap<ResourceState, { reason: string; result: ResourceState }>();

function repaired(resource: ResourceState, missing: string[], surroundings: Surroundings): ResourceState {
  const { present, renamed, stack } = surroundings;
  const follow = (urn: string): string | undefined => {
    if (present.has(urn)) return urn;
    const target = renamed.get(urn);
    return target !== undefined && present.has(target) ? target : undefined;
  };
  const reason = missing.map((urn) => `${urn}>${follow(urn) ?? ''}`).join('\n');
  const known = repairs.get(resource);
  if (known?.reason === reason) return known.result;
  const result = withReferences(resource, follow, stack);
  repairs.set(resource, { reason, result });
  return result;
}

function withReferences(
  resource: ResourceState,
  follow: (urn: string) => string | undefined,
  stack: string | undefined,
): ResourceState {
  const { parent, provider, dependencies, propertyDependencies, rest, ...others } = resource;
  const followAll = (urns: string[]) => urns.map(follow).filter((urn) => urn !== undefined);
  const deletedWith = deletedWithOf(resource);
  const newParent = parent === undefined ? undefined : (follow(parent) ?? stack);
  return {
    ...others,
    ...(newParent !== undefined && { parent: newParent }),
    ...(provider !== undefined && { provider: followProvider(provider, follow) }),
    ...(dependencies && { dependencies: followAll(dependencies) }),
    ...(propertyDependencies && {
      propertyDependencies: Object.fromEntries(
        Object.entries(propertyDependencies).map(([property, urns]) => [property, followAll(urns)]),
      ),
    }),
    ...(rest && { rest: deletedWith === undefined ? rest : { ...rest, deletedWith: follow(deletedWith) ?? '' } }),
  };
}

/** A provider that is gone cannot be dropped from a resource: without it nothing could ever be done with the resource. */
function followProvider(reference: string, follow: (urn: string) => string | undefined): string {
  const { urn, id } = parseProviderReference(reference);
  return providerReference(follow(urn) ?? urn, id);
}
