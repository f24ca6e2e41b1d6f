import type { ClusterObjects } from '../api/objects';
import type { JsonMap } from '../../../../../kubernetes-api';

/** How far an object is on its way. */
export type Progress =
  | { state: 'ready' }
  /** `message` says what is missing: `1/3 pods ready`. */
  | { state: 'waiting'; message: string }
  /** It will not become ready, however long one waits. */
  | { state: 'failed'; message: string };

export const ready: Progress = { state: 'ready' };
export const waiting = (message: string): Progress => ({ state: 'waiting', message });
export const failed = (message: string): Progress => ({ state: 'failed', message });

/** Knows when the objects of one kind are ready. */
export interface Awaiter {
  check(live: JsonMap, objects: ClusterObjects): Progress | Promise<Progress>;
  /** Why it takes so long, from what the object owns or needs; undefined where nothing tells. Costs requests. */
  explain?(live: JsonMap, objects: ClusterObjects): Promise<string | undefined>;
}
