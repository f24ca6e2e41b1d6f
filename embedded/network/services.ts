/**
 * The services of the stand-in: those of the management cluster that governance has to do with, a store for policy code, and
 * the membership servers of all clusters, each below its cluster's id.
 */
export const SERVICES = [
  'gateway',
  'clustersRegistry',
  'policiesSystem',
  'policyCode',
  'clusterMetrics',
  'membership',
] as const;

export type ServiceName = (typeof SERVICES)[number];

/** Base URLs, `http://127.0.0.1:PORT`. */
export type Addresses = Readonly<Record<ServiceName, string>>;
