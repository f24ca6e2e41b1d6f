import type { ContainerRuntime, ImageSource } from './definition';

/** Upstream takes `redis:latest` in two of three places; the third one's release serves all of them. */
export const REDIS_IMAGE = { registry: 'public', path: 'redis', tag: '7' } as const satisfies ImageSource;

/** The official image's own user and data directory. */
export const REDIS_RUNTIME = { user: 999, dataDirectory: '/data' } as const satisfies ContainerRuntime;

/** Port of every redis of the network. */
export const REDIS_PORT = 6379;
