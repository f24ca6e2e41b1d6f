import { DEFAULT_DOMAIN } from '../../catalogue';
import type { DatabaseSection } from '../database';
import type { DatabaseConfig, DatabaseStorage, Directory, Placement } from '../network-config';
import { parseQuantity } from '../quantity';
import { mongodbRelease } from '../mongodb-release';
import { resolveBackup } from './backup';
import type { Images } from './images';

const GIB = 2 ** 30;
/** WiredTiger's minimum. */
const MINIMUM_GB = 0.25;

/** What a database has from elsewhere in its stack. */
interface Surroundings {
  images: Images;
  /** Of the cluster's DNS. */
  domain: string;
  /** Name of the stack. */
  stack: string;
  /** Whether members listen on IPv6, too. */
  ipv6: boolean;
  /** Whether upstream's installer made the database. */
  adopted: boolean;
  /** Whether somebody reads their metrics. */
  monitored: boolean;
}

/** Section `registry` or `metrics`, with each member's place and the size of its cache. */
export function resolveDatabase(section: DatabaseSection, surroundings: Surroundings): DatabaseConfig {
  const { images, domain, stack, adopted, ipv6, monitored } = surroundings;
  const {
    replicas,
    size,
    nodes,
    tolerations,
    priorityClass,
    resources,
    stopped,
    protect,
    rotate,
    tls,
    backup,
    unsafe,
  } = section;
  return {
    replicas,
    size,
    nodes: nodes.map(({ name }) => name),
    tolerations,
    ...(priorityClass !== undefined && { priorityClass }),
    sharedHosts: unsafe.sharedHosts,
    resources,
    stopped,
    protect,
    rotate,
    domain,
    ...(ipv6 && { ipv6 }),
    ...(adopted && { adopted, authentication: section.authentication }),
    ...(tls && { tls }),
    ...(backup && { backup: resolveBackup(backup, images, stack) }),
    ...(monitored && { monitored }),
    image: images.public(section.image),
    storage: storageOf(section),
    cacheGB: cacheSizeGB(section),
  };
}

function storageOf({ storage, nodes, replicas }: DatabaseSection): DatabaseStorage {
  if (!('localPath' in storage)) return storage;
  const directories = nodes
    .slice(0, replicas)
    .map(({ hostname }, ordinal): Directory => ({ hostname, path: `${storage.localPath}-${ordinal}` }));
  return { directories };
}

/** What of a section must not change by accident. */
export function placementOf(section: DatabaseSection, domain: string, adopted: boolean): Placement {
  const storage = storageOf(section);
  const {
    replicas,
    size,
    stopped,
    protect,
    rotate,
    tls,
    unsafe: { moveStorage, moveMembers, singleMember, sharedHosts },
  } = section;
  const release = mongodbRelease(section.image);
  return {
    replicas,
    ...(domain !== DEFAULT_DOMAIN && { domain }),
    ...(adopted && { adopted: section.authentication }),
    ...(release !== undefined && { release }),
    size: { text: size, bytes: parseQuantity(size) ?? 0 },
    ...section.storage,
    ...('directories' in storage && { nodes: storage.directories.map(({ hostname }) => hostname) }),
    stopped,
    protect,
    rotate,
    ...(tls && { tls }),
    unsafe: { moveStorage, moveMembers, singleMember, sharedHosts },
  };
}

/**
 * GB of WiredTiger's cache: as configured, or MongoDB's own rule (half of what is above 1 GiB) applied to the memory
 * limit. mongod by itself may take the memory of the host, and is then killed when the cache fills.
 */
export function cacheSizeGB({ cacheGB, resources }: Pick<DatabaseSection, 'cacheGB' | 'resources'>): number {
  if (cacheGB !== undefined) return cacheGB;
  const half = ((parseQuantity(resources.limits.memory) ?? 0) - GIB) / 2 / GIB;
  return Math.max(MINIMUM_GB, Math.floor(half * 100) / 100);
}
