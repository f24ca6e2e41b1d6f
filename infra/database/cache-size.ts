import type { DatabaseConfig } from '../config';
import { parseQuantity } from '../config/quantity';

const GIB = 2 ** 30;
/** WiredTiger's minimum. */
const MINIMUM_GB = 0.25;

/**
 * GB of WiredTiger's cache: as configured, or MongoDB's own rule (half of what is above 1 GiB) applied to the memory
 * limit. mongod by itself may take the memory of the host, and is then killed when the cache fills.
 */
export function cacheSizeGB({ cacheGB, resources }: Pick<DatabaseConfig, 'cacheGB' | 'resources'>): number {
  if (cacheGB !== undefined) return cacheGB;
  const limit = parseQuantity(resources.limits.memory);
  if (limit === undefined) throw new Error(`not a quantity of memory: ${resources.limits.memory}`);
  const half = (limit - GIB) / 2 / GIB;
  return Math.max(MINIMUM_GB, Math.floor(half * 100) / 100);
}
