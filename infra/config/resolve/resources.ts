import { parseQuantity } from '../quantity';
import type { ContainerResources } from '../resources';

type Amounts = NonNullable<ContainerResources['requests']>;
type Resource = keyof Amounts;

/**
 * What a container gets when its stack says nothing. There is no cpu limit: throttling a service that has idle cores
 * beside it slows the network without protecting anybody, since requests already share cores fairly.
 */
const DEFAULTS = {
  requests: { cpu: '50m', memory: '128Mi' },
  limits: { memory: '1Gi' },
} as const satisfies ContainerResources;

/**
 * Requests and limits of a container: the stack's where it names them, else the defaults.
 *
 * A default gives way to a named amount: the default limit rises to a larger request, the default request falls to a
 * smaller limit, since Kubernetes refuses a request above its limit.
 */
export function resolveResources(override: ContainerResources = {}): Required<ContainerResources> {
  const { requests = {}, limits = {} } = override;
  const merged = {
    requests: { ...DEFAULTS.requests, ...requests },
    limits: { ...DEFAULTS.limits, ...limits },
  };
  for (const resource of ['cpu', 'memory'] as const) reconcile(merged, resource, limits[resource] !== undefined);
  return merged;
}

function reconcile(amounts: { requests: Amounts; limits: Amounts }, resource: Resource, limitIsNamed: boolean): void {
  const request = amounts.requests[resource];
  const limit = amounts.limits[resource];
  if (request === undefined || limit === undefined || !exceeds(request, limit)) return;
  if (limitIsNamed) amounts.requests[resource] = limit;
  else amounts.limits[resource] = request;
}

function exceeds(left: string, right: string): boolean {
  return (parseQuantity(left) ?? 0) > (parseQuantity(right) ?? 0);
}
