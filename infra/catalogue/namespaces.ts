/** A namespace of the management cluster. */
export type NamespaceName = 'registries' | 'utils' | 'metrics-system' | 'services';
