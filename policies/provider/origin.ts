import { type Json, type JsonObject, isJsonObject } from './wire/value';

/** Key of an entry's metadata with the URN of the resource that made it: unknown fields of an entry are dropped. */
export const ORIGIN_KEY = 'aios_network_urn';

/**
 * Marks metadata as those of an entry that a resource has made. So the resource finds again what it began, though the
 * run was killed before the engine heard of it and what is wanted has changed since.
 */
export function withOrigin(metadata: JsonObject, urn: string): JsonObject {
  return { ...metadata, [ORIGIN_KEY]: urn };
}

/** Metadata as somebody wrote them. Entries of earlier releases have no mark. */
export function withoutOrigin(metadata: Json | undefined): Json {
  if (!isJsonObject(metadata)) return metadata ?? null;
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== ORIGIN_KEY));
}

/** Whether any resource of the same stack has. */
export function isMadeByStackOf(urn: string, metadata: Json | undefined): boolean {
  const origin = isJsonObject(metadata) ? metadata[ORIGIN_KEY] : undefined;
  const stackIn = (text: string) => text.split('::', 2).join('::');
  return typeof origin === 'string' && urn !== '' && stackIn(origin) === stackIn(urn);
}

/** Whether the resource has made the entry with these metadata. */
export function isMadeBy(urn: string, metadata: Json | undefined): boolean {
  return urn !== '' && isJsonObject(metadata) && metadata[ORIGIN_KEY] === urn;
}
