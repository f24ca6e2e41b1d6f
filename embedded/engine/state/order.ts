import { referencesOf } from './references';
import type { ResourceState } from './resource-state';

/**
 * The resources so that each stands after everything it refers to, otherwise in the order given. A state that is in order
 * already, the usual case, is returned as it is.
 */
export function inDependencyOrder(resources: ResourceState[]): ResourceState[] {
  return isInOrder(resources) ? resources : sorted(resources);
}

function isInOrder(resources: ResourceState[]): boolean {
  const seen = new Set<string>();
  return resources.every((resource) => {
    const ready = referencesOf(resource).every((urn) => seen.has(urn));
    seen.add(resource.urn);
    return ready;
  });
}

function sorted(resources: ResourceState[]): ResourceState[] {
  const byUrn = new Map<string, ResourceState>();
  for (const resource of resources) {
    // Of several with one URN all but one wait for deletion: references mean the one that doesn't.
    if (!resource.delete || !byUrn.has(resource.urn)) byUrn.set(resource.urn, resource);
  }
  const placed = new Set<ResourceState>();
  const result: ResourceState[] = [];
  const place = (resource: ResourceState): void => {
    if (placed.has(resource)) return;
    placed.add(resource);
    for (const urn of referencesOf(resource)) {
      const needed = byUrn.get(urn);
      if (needed) place(needed);
    }
    result.push(resource);
  };
  resources.forEach(place);
  return result;
}
