import { CustomResource } from '@pulumi/kubernetes/apiextensions';
import { Ingress } from '@pulumi/kubernetes/networking/v1';
import type * as pulumi from '@pulumi/pulumi';
import type { ExposedService } from '../config';
import { objectMeta } from '../workload/metadata';

type Route = NonNullable<ExposedService['routes']>[number];

/** Where a route is, and what it leads to. */
interface Placed {
  namespace: string;
  /** Name of the Service. */
  service: string;
}

/** Whoever serves routes says when they are; the stack waits for its own pods alone. */
const NOT_AWAITED = { 'pulumi.com/skipAwait': 'true' };

/** What leads to the ports of a Service from outside: an Ingress or an HTTPRoute each; nothing where it has no routes. */
export function exposeRoutes(
  { name: service, routes = [] }: ExposedService,
  namespace: string,
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResource[] {
  return routes.map((route) => routeTo({ namespace, service }, route, options));
}

function routeTo(place: Placed, route: Route, options: pulumi.CustomResourceOptions): pulumi.CustomResource {
  return 'ingress' in route ? ingressTo(place, route, options) : httpRouteTo(place, route, options);
}

function ingressTo(
  { namespace, service }: Placed,
  { name, host, port, ingress }: Extract<Route, { ingress: object }>,
  options: pulumi.CustomResourceOptions,
): Ingress {
  const { className, annotations, tlsSecret } = ingress;
  const backend = { service: { name: service, port: { number: port } } };
  return new Ingress(
    name,
    {
      metadata: objectMeta(name, { namespace, annotations: { ...NOT_AWAITED, ...annotations } }),
      spec: {
        ...(className !== undefined && { ingressClassName: className }),
        rules: [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
        ...(tlsSecret !== undefined && { tls: [{ hosts: [host], secretName: tlsSecret }] }),
      },
    },
    options,
  );
}

/** Of the Gateway API, whose kinds have to be there: doctor says where they are not, a preview cannot. */
function httpRouteTo(
  { namespace, service }: Placed,
  { name, host, port, gateway }: Extract<Route, { gateway: object }>,
  options: pulumi.CustomResourceOptions,
): CustomResource {
  const { listener } = gateway;
  const parent = { name: gateway.name, namespace: gateway.namespace, ...(listener && { sectionName: listener }) };
  return new CustomResource(
    name,
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: objectMeta(name, { namespace, annotations: NOT_AWAITED }),
      spec: { parentRefs: [parent], hostnames: [host], rules: [{ backendRefs: [{ name: service, port }] }] },
    },
    options,
  );
}
