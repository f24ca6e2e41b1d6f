import { z } from 'zod';
import { GATEWAY_IMAGES, GATEWAY_URLS } from '../catalogue';
import { mapValues } from './map-values';
import { containerResources } from './resources';
import { environment, imageDigest, imageReference, imageTag, runtimeUser, text, url } from './scalars';
import { replicaCount } from './services';

const images = z.strictObject(
  mapValues(GATEWAY_IMAGES, ({ of }) =>
    imageReference.exactOptional().describe(`Image of ${of}. Default: upstream's, from services.imageRegistry.`),
  ),
);

const urls = z.strictObject(
  mapValues(GATEWAY_URLS, ({ of }) =>
    url.exactOptional().describe(`Address of ${of}. Default: the Service of this management cluster.`),
  ),
);

/** Section `gateway`: the cluster controller gateway, every environment setting of it included. */
export const gatewaySchema = z.strictObject({
  image: imageReference
    .exactOptional()
    .meta({ examples: ['registry.example.org:31280/mgmt/cluster-controller-gateway:v1.2.0'] })
    .describe('Complete image reference. Default: none, as upstream, so it is required.'),
  tag: imageTag.exactOptional().describe('Tag of the image.'),
  digest: imageDigest.exactOptional().describe('Digest of the image, in place of a tag.'),
  replicas: replicaCount.prefault(1).describe('Number of pods; each holds a policy map of its own in memory.'),
  resources: containerResources.exactOptional().describe('Requests and limits of the gateway.'),
  runAsUser: runtimeUser
    .exactOptional()
    .describe('Number of the user that the image works as. Default: unknown, it may run as root.'),
  allocationExecutionMode: z
    .enum(['offline', 'online'])
    .prefault('offline')
    .describe(
      'Who chooses the cluster of a block: the gateway (offline), or the resource allocator over its web socket (online).',
    ),
  clusterControllerRoute: z.string().prefault('').describe('CLUSTER_CONTROLLER_ROUTE, empty upstream.'),
  policyMap: z
    .record(z.string(), z.unknown())
    .prefault({})
    .describe('CLUSTER_CONTROLLER_GATEWAY_POLICY_MAP, empty upstream. Pre-check policies are `policies.bindings`.'),
  images: images.prefault({}).describe('Images that the gateway installs on the clusters of the network.'),
  urls: urls.prefault({}).describe('Addresses of the services that the gateway calls.'),
  globalServices: z
    .record(z.string().regex(/^[a-z_]+$/), text)
    .prefault({})
    .describe(
      "Entries added to, or in place of, the ones of GLOBAL_SERVICES_MAP, built on the network's advertisedHost.",
    ),
  env: environment.prefault({}).describe('Further environment variables. One that has a setting here is refused.'),
});

/** Section `gateway` as the schema leaves it. */
export type GatewaySection = z.infer<typeof gatewaySchema>;
