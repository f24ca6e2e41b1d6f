import { isIP } from 'node:net';
import { z } from 'zod';
import { objectName } from './scalars';

/** Most bits of a prefix, by the version of the addresses. */
const BITS: Readonly<Record<number, number>> = { 4: 32, 6: 128 };

function isRange(text: string): boolean {
  const [, address = '', prefix] = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  return prefix !== undefined && Number(prefix) <= (BITS[isIP(address)] ?? -1);
}

/** A range of IPv4 or IPv6 addresses, as CIDR. */
const addressRange = z
  .string()
  .refine(isRange, {
    error: 'must be a range of addresses as CIDR: an IPv4 or IPv6 address, / and the bits of its prefix',
  })
  .meta({ examples: ['10.20.0.0/16'] });

const annotations = z
  .record(z.string().min(1, { error: 'must not be empty' }), z.string())
  .prefault({})
  .meta({ examples: ["{external-dns.alpha.kubernetes.io/hostname: '{host}'}"] });

const ingress = z.strictObject({
  className: objectName
    .exactOptional()
    .meta({ examples: ['nginx'] })
    .describe("IngressClass. Default: the cluster's default."),
  annotations: annotations.describe(
    'Annotations of every Ingress, such as cert-manager.io/cluster-issuer; {host} in them is its host name, {service} the service.',
  ),
  tlsSecret: z
    .string()
    .regex(/^[a-z0-9{][-a-z0-9.{}]*$/, { error: 'must be the name of a Secret, with {service} in it or not' })
    .exactOptional()
    .meta({ examples: ["'{service}-tls'"] })
    .describe(
      'Secret with the certificate, in the namespace of each service; {service} in it is the service. Addresses then begin with https. Default: none, http.',
    ),
});

const gateway = z.strictObject({
  name: objectName.meta({ examples: ['public'] }).describe('Name of the Gateway, which is there already.'),
  namespace: objectName.meta({ examples: ['gateways'] }).describe('Its namespace. It has to let routes of others in.'),
  listener: objectName.exactOptional().describe('Listener of it. Default: all that fit.'),
  tls: z.boolean().prefault(true).describe('Whether it is reached by https.'),
});

const loadBalancer = z.strictObject({
  annotations: annotations.describe(
    "Annotations of every such Service, for the cloud's load balancers or external-dns; {host} in them is its host name, {service} the service.",
  ),
});

/** Key `network.exposure`: how services are reached from outside, where not by a port of every node. */
export const exposureSchema = z
  .strictObject({
    ingress: ingress.exactOptional().describe('An Ingress for every port of a service that speaks HTTP.'),
    gateway: gateway.exactOptional().describe('An HTTPRoute of the Gateway API for the same.'),
    loadBalancer: loadBalancer
      .exactOptional()
      .describe('Services of type LoadBalancer; beside ingress or gateway only for what is not HTTP: metrics-redis.'),
  })
  .refine((value) => value.ingress === undefined || value.gateway === undefined, {
    error: 'must not be both an ingress and a gateway',
    params: { fix: 'remove one of the two' },
  })
  .refine((value) => Object.keys(value).length > 0, {
    error: 'must say how: ingress, gateway or loadBalancer',
    params: { fix: 'for example ingress: {}, or remove the key for nodePorts' },
  });

/** Keys of `network` that say who may come. */
export const sourceKeys = {
  allowedSources: z
    .array(addressRange)
    .min(1, { error: 'must name a range: with none, nobody could come' })
    .exactOptional()
    .describe(
      "Addresses from which services are reached through nodePorts and load balancers, beside the network's own namespaces. Those of the control plane's nodes belong to them where governance goes through its service proxy (policies.endpoints). Default: all.",
    ),
  allowedNamespaces: z
    .array(objectName)
    .prefault([])
    .meta({ examples: ['[ingress-nginx]'] })
    .describe(
      'Further namespaces whose pods reach the services, such as that of the ingress controller. With network.exposure.ingress or .gateway, naming any shuts all others out.',
    ),
  externalTrafficPolicy: z
    .enum(['Cluster', 'Local'])
    .exactOptional()
    .describe(
      'Local: only a node that runs a pod of the service answers at its nodePort, and the pod sees who comes. Cluster: every node answers, and hands its own address on. Default: Cluster, to be said where allowedSources are.',
    ),
};
