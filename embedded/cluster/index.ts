export { buildPrograms } from './build';
export type { Cluster } from './cluster';
export { startCluster, type StartOptions } from './start';
export { clusterStatus, type ClusterStatus } from './status';
export { stopCluster, type StopOptions } from './stop';
