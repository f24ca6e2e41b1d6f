export { loadConfig } from './load';
export { mongodbRelease, releaseFault } from './mongodb-release';
export type { Architecture } from './cluster';
export type { ExposedService, PortAddress } from './exposed-service';
export type {
  BackupConfig,
  ContainerConfig,
  DatabaseConfig,
  Directory,
  ImagePullConfig,
  MonitoringConfig,
  NamespacesConfig,
  NetworkConfig,
  RegistryCredentials,
  S3Config,
  ServiceConfig,
} from './network-config';
export { parseConfig, parsePolicies, type RawConfig } from './parse';
export { parseQuantity } from './quantity';
export type { ResolvedBindings } from './resolve/bindings';
export type { DecidingConfig, ExecutorConfig, PoliciesConfig } from './policies-config';
export type { OnboardedRule } from './resolve/rules';
