import { GATEWAY_IMAGES, GATEWAY_URLS, GLOBAL_SERVICES } from '../../catalogue';
import type { GatewaySection } from '../gateway';
import type { GatewayConfig } from '../network-config';
import { mapValues } from '../map-values';
import { resolveService } from './addresses';
import { type Lookup, resolveText } from './environment';
import { withVersion } from './images';
import { resolveResources } from './resources';

/** Section `gateway`, with every address and every image that it leaves to the program. */
export function resolveGateway(gateway: GatewaySection, lookup: Lookup): GatewayConfig {
  const { allocationExecutionMode, clusterControllerRoute, policyMap, env, replicas } = gateway;
  const advertised = mapValues(GLOBAL_SERVICES, (source) => resolveText(source, 'gateway', lookup));
  return {
    allocationExecutionMode,
    clusterControllerRoute,
    policyMap,
    env,
    replicas,
    service: resolveService('cluster-controller-gateway', lookup),
    image: withVersion(gateway.image ?? '', gateway),
    resources: resolveResources(gateway.resources),
    ...(gateway.runAsUser !== undefined && { runAsUser: gateway.runAsUser }),
    urls: mapValues(GATEWAY_URLS, (variable, key) => gateway.urls[key] ?? resolveText(variable.default, key, lookup)),
    images: mapValues(
      GATEWAY_IMAGES,
      (variable, key) => gateway.images[key] ?? resolveText(variable.default, `gateway.images.${key}`, lookup),
    ),
    globalServices: { ...advertised, ...gateway.globalServices },
  };
}
