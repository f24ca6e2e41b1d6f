import type { ServiceName } from './service-names';
import type { ServiceDefinition } from './definition';
import { METRICS_SYSTEM } from './metrics-system';
import type { NamespaceName } from './namespaces';
import { REGISTRIES } from './registries';
import { SERVICES } from './services';
import { UTILS } from './utils';

/** A service of the catalogue with its place. */
export interface CatalogueEntry {
  readonly name: ServiceName;
  readonly namespace: NamespaceName;
  readonly definition: ServiceDefinition;
}

/** Every service of the network by name. Services are found by these names in a stack's configuration too. */
export const catalogue: Readonly<Record<ServiceName, CatalogueEntry>> = {
  ...entries('registries', REGISTRIES),
  ...entries('utils', UTILS),
  ...entries('metrics-system', METRICS_SYSTEM),
  ...entries('services', SERVICES),
};

/** The services of one namespace, in the catalogue's order. */
export function servicesOf(namespace: NamespaceName): CatalogueEntry[] {
  return Object.values(catalogue).filter((entry) => entry.namespace === namespace);
}

function entries<Name extends ServiceName>(
  namespace: NamespaceName,
  definitions: Readonly<Record<Name, ServiceDefinition>>,
): Record<Name, CatalogueEntry> {
  const named = (Object.keys(definitions) as Name[]).map((name) => {
    const entry: CatalogueEntry = { name, namespace, definition: definitions[name] };
    return [name, entry] as const;
  });
  return Object.fromEntries(named) as Record<Name, CatalogueEntry>;
}
