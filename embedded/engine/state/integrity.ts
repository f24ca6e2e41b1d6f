import { referencesOf } from './references';
import type { ResourceState } from './resource-state';
import { isProviderType, providerReference } from './urn';

/** What makes the CLI refuse a state, or undefined: the first of its rules that the resources break. */
export function findDamage(resources: ResourceState[]): string | undefined {
  const seen = new Set<string>();
  const providers = new Set<string>();
  const live = new Set<string>();
  for (const resource of resources) {
    const damage = damageOf(resource, seen, providers) ?? duplicate(resource, live);
    if (damage !== undefined) return damage;
    seen.add(resource.urn);
    if (isProviderType(resource.type)) providers.add(providerReference(resource.urn, resource.id ?? ''));
  }
  return undefined;
}

function damageOf(resource: ResourceState, seen: Set<string>, providers: Set<string>): string | undefined {
  const { urn, provider } = resource;
  if (!resource.custom && resource.id !== undefined) return `component ${urn} has an id`;
  if (provider !== undefined && !providers.has(provider) && !resource.pendingReplacement) {
    return `resource ${urn} refers to provider ${provider}, which does not stand before it`;
  }
  const missing = referencesOf(resource).find((target) => !seen.has(target));
  return missing === undefined ? undefined : `resource ${urn} refers to ${missing}, which does not stand before it`;
}

function duplicate({ urn, delete: doomed }: ResourceState, live: Set<string>): string | undefined {
  if (doomed) return undefined;
  if (live.has(urn)) return `resource ${urn} is there twice, and neither waits for deletion`;
  live.add(urn);
  return undefined;
}
