import { z } from 'zod';
import { containerResources } from './resources';
import { environment, imageDigest, imageReference, imageTag, text, url } from './scalars';
import { replicaCount } from './services';

const imageOf = (what: string) =>
  imageReference.exactOptional().describe(`Image of ${what}. Default: upstream's, from services.imageRegistry.`);

const urlOf = (what: string) =>
  url.exactOptional().describe(`Address of ${what}. Default: the Service of this management cluster.`);

const images = z.strictObject({
  metricsDaemonset: imageOf('the metrics daemon on every node'),
  metricsWriter: imageOf("the cluster's metrics writer"),
  infra: imageOf("the cluster's infrastructure controller"),
  blockTransactions: imageOf('the block transactions service'),
  parameterUpdater: imageOf('the parameter updater'),
  clusterMonitor: imageOf('the cluster monitor'),
  healthChecker: imageOf('the health checker'),
});

const urls = z.strictObject({
  clusterService: urlOf('the clusters registry'),
  blocksService: urlOf('the blocks registry'),
  globalTasksDb: urlOf('the tasks database'),
  searchServer: urlOf('the search server'),
  resourceAllocator: urlOf('the resource allocator (ws://)'),
  globalBlockMetrics: urlOf('the global block metrics'),
  globalClusterMetrics: urlOf('the global cluster metrics'),
  policyDb: urlOf('the policies database'),
  policyExecutorHost: urlOf('the host of policy executors'),
  policyRuleRemote: urlOf('the policies system that rules are fetched from'),
});

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

/** Section `gateway`, with its defaults applied. */
export type GatewayConfig = z.infer<typeof gatewaySchema>;
