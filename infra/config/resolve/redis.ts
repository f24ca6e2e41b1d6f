import type { RedisUse } from '../../catalogue';
import { parseQuantity } from '../quantity';
import type { ContainerResources } from '../resources';

/**
 * Share of the memory limit that data may fill. The rest is for buffers of clients and fragments of memory; and for pages that change
 * while a snapshot of them is written, at worst all.
 */
const share = ({ snapshots }: RedisUse) => (snapshots ? 0.5 : 0.75);

/**
 * Arguments of redis-server. Full, it refuses writes and goes on handing out what it has, until clients have caught up: without
 * a bound it is killed at its limit, and everything is lost.
 *
 * @param maxMemory the stack's own bound. Default: a share of the memory limit
 */
export function redisArgs(use: RedisUse, { limits }: Required<ContainerResources>, maxMemory?: string): string[] {
  const bytes = maxMemory === undefined ? share(use) * memoryOf(limits.memory) : memoryOf(maxMemory);
  return [
    ...['--maxmemory', `${Math.floor(bytes)}`, '--maxmemory-policy', 'noeviction'],
    ...(use.snapshots ? [] : ['--save', '']),
  ];
}

const memoryOf = (text: string | undefined) => parseQuantity(text ?? '') ?? 0;
