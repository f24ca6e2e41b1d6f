/** The namespaces of the management cluster: upstream's, which addresses within the cluster contain. */
export const NAMESPACES = ['registries', 'utils', 'metrics-system', 'services'] as const;

/** A namespace of the management cluster. */
export type NamespaceName = (typeof NAMESPACES)[number];
