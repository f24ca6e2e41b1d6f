import { type JavaScriptValue, Struct } from 'google-protobuf/google/protobuf/struct_pb';
import { type PropertyMap, Secret, Unknown, type Value, unknown } from './value';

/** The key that makes an object of Pulumi's protocol and state more than an object; its value says what it is. */
export const SIGNATURE_KEY = '4dabf18193072939515e22adb298388d';

export const SIGNATURES = {
  secret: '1b47061264138c4ac30d75fd1eb44270',
  outputValue: 'd0e6a833031e9bbcd3f4e8bde6ca49a4',
  resourceReference: '5cf8f73096256a8f31e491e813e4eb8e',
  asset: 'c44067f5952c0a294b673a41bacd8c17',
  archive: '0def7320c3a5731c473e5ecbe6d01bc7',
} as const;

/** What stands for a value that is not known yet; SDKs send the one of strings whatever the type. */
export const UNKNOWN_SENTINEL = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

const unknownSentinels: ReadonlySet<string> = new Set([
  UNKNOWN_SENTINEL,
  '1c4a061d-8072-4f0a-a4cb-0ff528b18fe7', // boolean
  '3eeb2bf0-c639-47a8-9e75-3b44932eb421', // number
  '6a19a0b0-7e62-4c92-b797-7f8e31da9cc2', // array
  '030794c1-ac77-496b-92df-f27374a8bd58', // asset
  'e48ece36-62e2-4504-bad9-02848725956a', // archive
  'dd056dcd-154b-4c76-9bd3-c8f88648b5ff', // object
]);

export interface EncodeOptions {
  /** False for a receiver that doesn't accept secrets: it gets their plain values. */
  keepSecrets: boolean;
  /** False for a receiver that doesn't accept resource references: it gets the id, or the URN of a component. Default true. */
  keepResources?: boolean;
}

/** The map as a protobuf Struct, secrets and unknowns marked as Pulumi's protocol wants it. */
export function encode(map: PropertyMap, options: EncodeOptions): Struct {
  return Struct.fromJavaScript(plainMap(map, options));
}

/** The Struct as a property map; resource references, assets and archives stay plain objects with their signature. */
export function decode(struct: Struct | undefined): PropertyMap {
  return struct === undefined ? {} : revivedMap(struct.toJavaScript());
}

/** A value as a secret; what is one already stays as it is. */
export function secret(value: Value): Secret {
  return value instanceof Secret ? value : new Secret(value);
}

/** A Struct's content. */
type Plain = Record<string, JavaScriptValue>;

const plainMap = (map: PropertyMap, options: EncodeOptions): Plain =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, plain(value, options)]));

function plain(value: Value, options: EncodeOptions): JavaScriptValue {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item) => plain(item, options));
  if (value instanceof Unknown) return UNKNOWN_SENTINEL;
  if (value instanceof Secret) {
    const content = plain(value.value, options);
    return options.keepSecrets ? { [SIGNATURE_KEY]: SIGNATURES.secret, value: content } : content;
  }
  if (options.keepResources === false && value[SIGNATURE_KEY] === SIGNATURES.resourceReference) {
    return plain(referenceTarget(value), options);
  }
  return plainMap(value, options);
}

/** What a resource reference means to whom only strings are known: the id, the URN for want of one. */
function referenceTarget(reference: PropertyMap): Value {
  const { id, urn } = reference;
  if (id === '') return unknown;
  return id ?? urn ?? null;
}

const revivedMap = (map: Plain): PropertyMap =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, revived(value)]));

function revived(value: JavaScriptValue): Value {
  if (typeof value === 'string') return revivedString(value);
  if (value === null || typeof value !== 'object') return value;
  return Array.isArray(value) ? value.map(revived) : unwrap(revivedMap(value as Plain));
}

function revivedString(value: string): Value {
  return value.length === UNKNOWN_SENTINEL.length && unknownSentinels.has(value) ? unknown : value;
}

function unwrap(map: PropertyMap): Value {
  switch (map[SIGNATURE_KEY]) {
    case SIGNATURES.secret:
      return secret(map.value ?? null);
    case SIGNATURES.outputValue:
      return unwrapOutput(map);
    default:
      return map;
  }
}

/** An output without `value` is not known yet. Its dependencies also come with the request that it is a part of. */
function unwrapOutput(map: PropertyMap): Value {
  const value = map.value ?? ('value' in map ? null : unknown);
  return map.secret === true ? secret(value) : value;
}
