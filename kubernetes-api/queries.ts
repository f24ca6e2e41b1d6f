import { isNotFound } from './api-error';
import type { ApiClient } from './client';
import type { JsonMap } from './json';

/** Reads what is under a path; undefined where there is nothing. @throws what {@link ApiClient.request} does, for all else */
export async function find(client: ApiClient, path: string, signal?: AbortSignal): Promise<JsonMap | undefined> {
  try {
    return (await client.request({ method: 'GET', path, repeatable: true, ...(signal && { signal }) })).body;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** A selector of what has all these labels: `app=registry,tier=data`. */
export function labelSelector(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join();
}
