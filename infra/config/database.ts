import { z } from 'zod';
import { backupSchema } from './backup';
import { cpuQuantity, memoryQuantity, storageQuantity } from './quantity';
import { absolutePath, imageReference, objectName, text } from './scalars';

/** Most members that MongoDB accepts in one replica set. */
const MAX_MEMBERS = 50;

/** Whether a database asks for passwords, in the order of the steps from upstream's to one's own. */
const AUTHENTICATION = ['none', 'transition', 'enforced'] as const;

/** How far a running database has gone from plain text to TLS, in MongoDB's own steps. */
const TLS_MODES = ['allow', 'prefer', 'require'] as const;

/** Where a database keeps its data: volumes of a StorageClass (default: the cluster's), or directories of its nodes. */
type StorageSettings = { storageClass?: string } | { localPath: string };

const storage = z
  .strictObject({
    storageClass: objectName
      .exactOptional()
      .meta({ examples: ['fast-ssd'] })
      .describe("StorageClass of the volumes. Default: the cluster's default StorageClass."),
    localPath: absolutePath
      .exactOptional()
      .describe('Directory <localPath>-<N> on the N-th of `nodes`, as upstream does. Needs a node for every replica.'),
  })
  .refine((value) => value.storageClass === undefined || value.localPath === undefined, {
    error: 'must be either a storageClass or a localPath',
    params: { fix: 'remove one of the two' },
  })
  .transform(({ storageClass, localPath }): StorageSettings => {
    if (localPath !== undefined) return { localPath };
    return storageClass === undefined ? {} : { storageClass };
  });

/** A node by its name; with its label kubernetes.io/hostname, which directories are bound to, where that is another one. */
const node = z.union(
  [
    objectName.transform((name) => ({ name, hostname: name })),
    z.strictObject({
      name: objectName.describe('Name of the node.'),
      hostname: objectName.describe('Its label kubernetes.io/hostname, where that is not its name.'),
    }),
  ],
  { error: 'must be the name of a node, or an object {name, hostname}' },
);

const resources = z.strictObject({
  requests: z
    .strictObject({
      cpu: cpuQuantity.prefault('250m').describe('Cores reserved for each member.'),
      memory: memoryQuantity.prefault('1Gi').describe('Memory reserved for each member.'),
    })
    .prefault({}),
  limits: z
    .strictObject({
      cpu: cpuQuantity.exactOptional().describe('Cores that a member may use at most. Default: no limit.'),
      memory: memoryQuantity.prefault('2Gi').describe('Memory that a member may use at most.'),
    })
    .prefault({}),
});

/** A taint that members tolerate, as Kubernetes writes it. */
const toleration = z
  .strictObject({
    key: text.exactOptional().describe('Key of the taint. Default: every taint, with operator Exists.'),
    operator: z.enum(['Equal', 'Exists']).prefault('Equal').describe('Whether the value counts.'),
    value: z.string().exactOptional().describe('Value of the taint, with operator Equal.'),
    effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).exactOptional().describe('Default: every effect.'),
  })
  .refine(({ key, operator, value }) => (operator === 'Equal' ? key !== undefined : value === undefined), {
    error: 'must have a key with operator Equal, and no value with operator Exists',
    params: { fix: 'for example { key: dedicated, value: databases, effect: NoSchedule }' },
  });

const tls = z.strictObject({
  secret: objectName
    .meta({ examples: ['registry-tls'] })
    .describe("Secret in the database's namespace with tls.crt, tls.key and ca.crt, as cert-manager makes it."),
  mode: z
    .enum(TLS_MODES)
    .prefault('require')
    .describe(
      'Of a database that is up, one step an update: allow, members take TLS beside plain text; prefer, members and services ' +
        'use it; require, nobody else is let in.',
    ),
});

/** Sections `registry` and `metrics`: one MongoDB replica set each. */
export const databaseSchema = z.strictObject({
  replicas: z
    .int()
    .min(1, { error: 'must be at least 1: a replica set without members loses its data' })
    .max(MAX_MEMBERS, { error: `must be at most ${MAX_MEMBERS}, MongoDB's limit for one replica set` })
    .prefault(3)
    .meta({ examples: [3] })
    .describe('Members of the replica set: odd, at most 50, of which 7 vote.'),
  size: storageQuantity.prefault('10Gi').describe('Size of the volume of each member. It can grow and never shrink.'),
  image: imageReference
    .prefault('mongo:6.0')
    .meta({ examples: ['mongo:6.0'] })
    .describe('Image of mongod.'),
  storage: storage.prefault({}).describe('Where the members keep their data.'),
  nodes: z
    .array(node)
    .prefault([])
    .describe('Nodes that the program labels for this database. Default: none, the nodes carry the labels already.'),
  tolerations: z.array(toleration).prefault([]).describe('Taints of nodes that members run on all the same.'),
  priorityClass: objectName
    .exactOptional()
    .meta({ examples: ['system-cluster-critical'] })
    .describe("PriorityClass of the members: whom they push off a full node. Default: the cluster's default."),
  resources: resources.prefault({}).describe('Requests and limits of each member.'),
  cacheGB: z
    .number()
    .min(0.25, { error: "must be at least 0.25, WiredTiger's minimum" })
    .exactOptional()
    .meta({ examples: [0.5] })
    .describe('WiredTiger cache in GB. Default: half of what the memory limit leaves above 1Gi, at least 0.25.'),
  stopped: z
    .boolean()
    .prefault(false)
    .describe('Stop all members and keep their data, for as long as storage is moved or restored.'),
  protect: z
    .boolean()
    .prefault(false)
    .describe('Refuse to delete the database, keep the volumes of members that leave, and take them back.'),
  rotate: z
    .int()
    .min(0, { error: 'must not be negative: each rotation has the next number' })
    .max(10_000, { error: 'must be at most 10000' })
    .prefault(0)
    .meta({ examples: [1] })
    .describe('Raised by one, all passwords and the key of the members are made anew: docs/operations.md.'),
  authentication: z
    .enum(AUTHENTICATION)
    .prefault('enforced')
    .describe(
      'Of an adopted network alone, one step an update: none, as upstream; transition: who has a password uses it.',
    ),
  tls: tls
    .exactOptional()
    .describe('TLS for who connects, members too: docs/operations.md. Default: none, plain text.'),
  backup: backupSchema.exactOptional().describe('Scheduled backups: docs/backup.md. Default: none.'),
  unsafe: z
    .strictObject({
      evenReplicas: z.boolean().prefault(false).describe('Allow an even number of members.'),
      moveStorage: z
        .boolean()
        .prefault(false)
        .describe('Allow another storage while the database is stopped: its volumes are made anew, without the data.'),
      moveMembers: z
        .boolean()
        .prefault(false)
        .describe("Allow another node for a minority of members: they lose their data, and get the others'."),
      sharedHosts: z.boolean().prefault(false).describe('Allow two members on one host, with which both are lost.'),
      singleMember: z
        .boolean()
        .prefault(false)
        .describe('Allow a running set to shrink to one member: what is lost with it is lost.'),
    })
    .prefault({})
    .describe('Wishes that are refused unless they are named here.'),
});

/** Sections `registry` and `metrics` as the schema leaves them. */
export type DatabaseSection = z.infer<typeof databaseSchema>;
