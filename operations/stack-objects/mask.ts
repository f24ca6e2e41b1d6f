import { runtime } from '@pulumi/pulumi';
import { type Json, type JsonMap, isJsonMap, mapAt, textAt } from '../../kubernetes-api';

/** What stands where a secret is. */
const MASK = '[secret]';

/** Whether this stands where a secret is. */
export const isMasked = (value: Json | undefined) => value === MASK;

const inBase64 = (text: string) => Buffer.from(text).toString('base64');

/** Inputs as they go over the wire, every secret replaced by a word. */
export function masked(value: Json): Json {
  if (Array.isArray(value)) return value.map(masked);
  if (!isJsonMap(value)) return value;
  if (runtime.isRpcSecret(value)) return maskedWhole(runtime.unwrapRpcSecret(value) as Json);
  return mapValues(value, masked);
}

/** A Secret that the API server would take: what it holds has to be base64, and credentials of registries JSON in it. */
export function acceptableSecret(secret: JsonMap): JsonMap {
  const data = mapAt(secret, 'data');
  if (Object.keys(data).length === 0) return secret;
  const isDockerConfig = textAt(secret, 'type') === 'kubernetes.io/dockerconfigjson';
  return { ...secret, data: mapValues(data, () => inBase64(isDockerConfig ? '{"auths":{}}' : MASK)) };
}

/** Of what is secret as a whole the keys are none. */
function maskedWhole(value: Json): Json {
  if (Array.isArray(value)) return value.map(maskedWhole);
  return isJsonMap(value) ? mapValues(value, maskedWhole) : MASK;
}

const mapValues = (map: JsonMap, change: (value: Json) => Json): JsonMap =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
