/** A Service, and how it is reached from outside of the cluster. */
export interface ExposedService {
  /** Name of the Service. */
  name: string;
  type: 'NodePort' | 'ClusterIP' | 'LoadBalancer';
  ports: readonly PortConfig[];
  /** Of the Service, for whoever provides load balancers. */
  annotations?: Readonly<Record<string, string>>;
  /** Absent: Cluster, as Kubernetes has it. */
  externalTrafficPolicy?: 'Local';
  /** Who may come, beside the network's own namespaces. Absent: anybody. */
  sources?: SourcesConfig;
  /** What leads to its ports. Absent: they are open by themselves, or reached inside the cluster only. */
  routes?: readonly RouteConfig[];
}

/** Who may come. */
export interface SourcesConfig {
  /** Ranges as CIDR. */
  addresses: readonly string[];
  namespaces: readonly string[];
}

/** What leads from a host name to a port: an Ingress, or an HTTPRoute of a Gateway. */
export type RouteConfig = { name: string; host: string; port: number } & (
  | { ingress: { className?: string; annotations: Readonly<Record<string, string>>; tlsSecret?: string } }
  | { gateway: { name: string; namespace: string; listener?: string } }
);

/** A port of a Service; the container listens on the same number. */
export interface PortConfig extends PortAddress {
  /** Where the Service has several ports. */
  name?: string;
  port: number;
  /** Absent: the cluster chooses one (NodePort) or there is none (ClusterIP). */
  nodePort?: number;
}

/** Where a port of a service is reached. */
export interface PortAddress {
  /** URL inside the cluster. */
  url: string;
  /** URL for other clusters, where the service has a fixed node port or what stands in for it. */
  advertised?: string;
}
