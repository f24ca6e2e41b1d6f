import type { ContainerRuntime, ImageSource, RedisUse } from './definition';

/** Upstream takes `redis:latest` in two of three places; the third one's release serves all of them. */
export const REDIS_IMAGE = { registry: 'public', path: 'redis', tag: '7' } as const satisfies ImageSource;

/** The official image's own user and data directory. */
export const REDIS_RUNTIME = { user: 999, dataDirectory: '/data' } as const satisfies ContainerRuntime;

/** Port of every redis of the network. */
export const REDIS_PORT = 6379;

/**
 * Upstream's clients (6b2b17a) of metrics-redis and tasks-db take a host and a port, and no password: a redis that asked for one would
 * have no clients. That of vdag-processor takes a URL, and connects to localhost as it is deployed.
 */
export const REDIS_USES = {
  /** Metrics come again, and pile up while nobody takes them off. */
  metrics: { snapshots: false },
  /** Status updates and tasks, few and small, which nobody sends a second time. */
  sidecar: { snapshots: true },
} as const satisfies Record<string, RedisUse>;
