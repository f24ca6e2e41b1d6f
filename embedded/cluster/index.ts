export { buildPrograms } from './build';
export type { Cluster } from './cluster';
export { ensureNodes } from './nodes';
export { startCluster } from './start';
export { clusterStatus } from './status';
export { stopCluster } from './stop';
