export { loadConfig } from './load';
export type {
  ContainerConfig,
  DatabaseConfig,
  Directory,
  GatewayConfig,
  ImagePullConfig,
  NetworkConfig,
  PortAddress,
  RegistryCredentials,
  ServiceConfig,
} from './network-config';
export { parseConfig, type RawConfig } from './parse';
export { parseQuantity } from './quantity';
export type { ResolvedBinding, ResolvedBindings } from './resolve/bindings';
export type { ExecutorConfig, PoliciesConfig, ServiceEndpoint } from './resolve/policies';
export type { OnboardedRule } from './resolve/rules';
