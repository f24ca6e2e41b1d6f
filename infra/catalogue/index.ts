export { DEFAULT_DOMAIN, hostOf, portOf, schemeOf, urlOf } from './addresses';
export { catalogue, type CatalogueEntry, servicesOf } from './catalogue';
export { DATABASES, DATABASE_SECTIONS, type DatabaseKey } from './databases';
export type {
  ContainerRuntime,
  EnvReference,
  EnvSource,
  EnvValue,
  ImageSource,
  RedisUse,
  ServicePort,
} from './definition';
export { ENDPOINT_SERVICES, type EndpointName } from './endpoints';
export {
  DEFAULT_EXECUTOR,
  GATEWAY_ENV_SETTINGS,
  GATEWAY_IMAGES,
  GATEWAY_URLS,
  type GatewayImage,
  type GatewayUrl,
  GLOBAL_SERVICES,
} from './gateway-variables';
export { type NamespaceName, NAMESPACES } from './namespaces';
export { POLICY_CODE } from './policy-code';
export { SERVICE_NAMES, type ServiceName } from './service-names';
