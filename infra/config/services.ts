import { z } from 'zod';
import { SERVICE_NAMES } from '../catalogue';
import { memoryQuantity } from './quantity';
import { containerResources } from './resources';
import {
  databaseName,
  environment,
  imageDigest,
  imageReference,
  imageRegistry,
  imageTag,
  nodePort,
  objectName,
  runtimeUser,
  text,
} from './scalars';

/** How many pods of a service run. None at all would leave its Service without an endpoint for ever. */
export const replicaCount = z
  .int()
  .min(1, { error: 'must be at least 1 (a service is switched off by enabled: false)' })
  .max(1000, { error: 'must be at most 1000: each replica is a pod' })
  .meta({ examples: [2] });

const serviceOverride = z.strictObject({
  enabled: z.boolean().exactOptional().describe('false leaves the service out. Default: true.'),
  image: imageReference
    .exactOptional()
    .describe(
      "Complete image reference in place of upstream's; imageRegistry and tag of all services don't apply to it.",
    ),
  tag: imageTag.exactOptional().describe('Tag of the image.'),
  digest: imageDigest.exactOptional().describe('Digest of the image, in place of a tag.'),
  sidecarDigest: imageDigest
    .exactOptional()
    .describe("Digest of the image of the container beside the main one, in place of upstream's tag."),
  replicas: replicaCount.exactOptional().describe('Number of pods. Default: 1.'),
  resources: containerResources.exactOptional().describe('Requests and limits of the main container.'),
  runAsUser: runtimeUser
    .exactOptional()
    .describe(
      "Number of the user that the service's own images work as: its pods then pass Pod Security's level restricted. Default: unknown, " +
        'the images may run as root.',
    ),
  env: environment.exactOptional().describe('Environment variables added to, or in place of, the ones that it has.'),
  databases: z
    .array(databaseName)
    .exactOptional()
    .describe("Databases that the service may use beside upstream's, where its image is another. Default: none."),
  nodePorts: z
    .record(z.string(), nodePort)
    .exactOptional()
    .describe("nodePorts by the name or number of the Service's port. Default: upstream's."),
});

/** What a stack says about one service. */
export type ServiceOverride = z.infer<typeof serviceOverride>;

/** Section `services`: settings for all services, and overrides for single ones. */
export const servicesSchema = z.strictObject({
  imageRegistry: imageRegistry
    .exactOptional()
    .describe(
      'host[:port][/path] of the registry with the images of AIOS (upstream: 34.58.1.86:31280). Default: none, every such image needs it.',
    ),
  publicImageRegistry: imageRegistry
    .exactOptional()
    .describe('Mirror put before the images that upstream takes from the public hub (aiosv1/…, redis, mongo).'),
  tag: imageTag.exactOptional().describe('Tag of the images of imageRegistry. Default: latest, as upstream.'),
  pinned: z
    .literal([true, false, 'digests'])
    .prefault(false)
    .describe('Refuse images without a tag or with the tag latest; digests: all that are not named by their digest.'),
  imagePullSecrets: z
    .array(objectName)
    .prefault([])
    .describe('Names of pull Secrets that exist in every namespace already.'),
  pullSecretFrom: z
    .strictObject({
      namespace: objectName.describe('Namespace that the Secret is in.'),
      name: objectName.describe('Name of the Secret, and of its copies.'),
    })
    .exactOptional()
    .meta({ examples: [{ namespace: 'default', name: 'aios-registry' }] })
    .describe(
      'A pull Secret that exists in one namespace, and is copied into those of the network; a change of it reaches the copies ' +
        'with the next `pulumi up`. The state does not hold what is in it.',
    ),
  registryCredentials: z
    .strictObject({
      username: text.describe('User of imageRegistry.'),
      password: text
        .meta({ secret: true })
        .describe("Password, encrypted: pulumi config set --path --secret 'services.registryCredentials.password'."),
    })
    .exactOptional()
    .describe('Credentials of imageRegistry, of which the program makes a pull Secret in every namespace.'),
  redis: z
    .strictObject({
      maxMemory: memoryQuantity
        .exactOptional()
        .describe(
          'Memory that a redis fills before it refuses to take more (noeviction: each of its queues is one key, and would go as a ' +
            'whole). Default: three quarters of its memory limit, and half of it beside tasks-db and vdag-processor, where it also writes snapshots.',
        ),
      resources: containerResources
        .exactOptional()
        .describe('Requests and limits of the redis beside tasks-db and vdag-processor; metrics-redis is a service.'),
    })
    .prefault({})
    .describe('The redis of metrics-redis, and those within other pods.'),
  overrides: z
    .partialRecord(z.enum(SERVICE_NAMES), serviceOverride)
    .prefault({})
    .meta({ keysAre: 'service' })
    .describe('Settings of single services, by the names of their Deployments.'),
});
