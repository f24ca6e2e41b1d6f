export { buildPrograms } from './build';
export type { Cluster } from './cluster';
export { exitOnSignals } from './orderly-exit';
export type { Programs } from './programs';
export { progressPrinter, type OnProgress, type Progress, type ProgressPrinter } from './progress';
export { startCluster, type StartOptions } from './start';
export { clusterStatus, type ClusterStatus, type ComponentStatus } from './status';
export { stopCluster, type StopOptions } from './stop';
