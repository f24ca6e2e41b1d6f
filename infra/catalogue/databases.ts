import type { NamespaceName } from './namespaces';

/** What upstream says about a database of the network. */
interface DatabaseDefinition {
  /** Name of the StatefulSet: member N is reached as `<name>-<N>`. */
  readonly name: string;
  readonly namespace: NamespaceName;
  /** Labels of the nodes that members run on. */
  readonly nodeLabels: Readonly<Record<string, string>>;
}

/** The databases of the network, by their section of a stack's configuration. */
export const DATABASES = {
  registry: { name: 'registry', namespace: 'registries', nodeLabels: { registry: 'yes' } },
  metrics: {
    name: 'metrics-db',
    namespace: 'metrics-system',
    // The network guide labels nodes metrics=yes, the installation page metrics-db=yes: a metrics node has both.
    nodeLabels: { metrics: 'yes', 'metrics-db': 'yes' },
  },
} as const satisfies Record<string, DatabaseDefinition>;

/** A database of the network, by its section of a stack's configuration. */
export type DatabaseKey = keyof typeof DATABASES;

/** The databases in upstream's order of installation. */
export const DATABASE_SECTIONS = Object.keys(DATABASES) as DatabaseKey[];
