/** What the configuration has to know of a service in order to check what is said about it; the catalogue says the rest. */
interface ServiceFacts {
  namespace: 'registries' | 'metrics-system' | 'utils' | 'services';
  /**
   * Where the main container's image comes from: the network's image registry (upstream: 34.58.1.86:31280), the public
   * hub, or nowhere, which is upstream's gateway.
   */
  image: 'network' | 'public' | 'none';
  /** Further images of the network's registry that the service needs and that no override replaces. */
  furtherImages?: readonly string[];
  /** Ports of the Service. Without a nodePort, Kubernetes chooses one; `internal` Services have none. */
  ports: readonly { name?: string; port: number; nodePort?: number; internal?: true }[];
  /** Keeps its state in the pod's memory, so that a second replica would be another, empty service. */
  singleton?: true;
}

/** Every service of the network, by the name of its Deployment: the single list of names, in upstream's order. */
export const SERVICES = {
  'adhoc-serviers-registry': { namespace: 'registries', image: 'network', ports: [{ port: 6000, nodePort: 30105 }] },
  'assets-db-registry': { namespace: 'registries', image: 'public', ports: [{ port: 4000, nodePort: 30104 }] },
  'blocks-db': { namespace: 'registries', image: 'network', ports: [{ port: 3001, nodePort: 30100 }] },
  'clusters-db': { namespace: 'registries', image: 'network', ports: [{ port: 3000, nodePort: 30101 }] },
  'components-registry': { namespace: 'registries', image: 'network', ports: [{ port: 4000, nodePort: 30112 }] },
  'containers-registry': { namespace: 'registries', image: 'public', ports: [{ port: 8000, nodePort: 30109 }] },
  'layers-registry': { namespace: 'registries', image: 'public', ports: [{ port: 8002, nodePort: 30110 }] },
  'splits-runners-registry': { namespace: 'registries', image: 'public', ports: [{ port: 8001, nodePort: 30111 }] },
  'networks-registry': { namespace: 'registries', image: 'network', ports: [{ port: 5000, nodePort: 30113 }] },
  'policies-system': {
    namespace: 'registries',
    image: 'network',
    furtherImages: ['policies/executor', 'policies/functions-server', 'policies/jobs-runner'],
    ports: [{ port: 10000, nodePort: 30102 }],
  },
  'spec-registry': { namespace: 'registries', image: 'network', ports: [{ port: 8000, nodePort: 30107 }] },
  'tasks-db': {
    namespace: 'registries',
    image: 'network',
    furtherImages: ['registries/task-writer'],
    ports: [{ port: 8000, nodePort: 30108 }],
  },
  'templates-registry': { namespace: 'registries', image: 'network', ports: [{ port: 9000, nodePort: 30106 }] },
  'vdag-db': { namespace: 'registries', image: 'network', ports: [{ port: 10501, nodePort: 30103 }] },
  'global-block-metrics': { namespace: 'metrics-system', image: 'network', ports: [{ port: 8889, nodePort: 30201 }] },
  'global-cluster-metrics': { namespace: 'metrics-system', image: 'network', ports: [{ port: 8888, nodePort: 30202 }] },
  'global-vdag-metrics': { namespace: 'metrics-system', image: 'network', ports: [{ port: 8890, nodePort: 30203 }] },
  'metrics-redis': {
    namespace: 'metrics-system',
    image: 'public',
    ports: [{ port: 6379, nodePort: 30200 }],
    singleton: true,
  },
  'failure-notifier': { namespace: 'utils', image: 'network', ports: [{ port: 5000 }] },
  'resource-allocator': {
    namespace: 'utils',
    image: 'network',
    ports: [
      { name: 'websocket', port: 8765, nodePort: 30151 },
      { name: 'rest', port: 7777, nodePort: 32171 },
    ],
  },
  'search-server': { namespace: 'utils', image: 'network', ports: [{ port: 12000, nodePort: 30150 }] },
  'vdag-processor': { namespace: 'utils', image: 'network', ports: [{ port: 10500, internal: true }] },
  'cluster-controller-gateway': { namespace: 'services', image: 'none', ports: [{ port: 5000, nodePort: 30600 }] },
  parser: { namespace: 'services', image: 'network', ports: [{ port: 8000, nodePort: 30501 }] },
} as const satisfies Record<string, ServiceFacts>;

/** Name of a service's Deployment. */
export type ServiceName = keyof typeof SERVICES;

/** The names of {@link SERVICES}, in its order. */
export const SERVICE_NAMES = Object.keys(SERVICES) as ServiceName[];

/** What the configuration knows of a service, without the narrowness of the literal. */
export function serviceFacts(name: ServiceName): ServiceFacts {
  return SERVICES[name];
}
