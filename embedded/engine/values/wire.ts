import { type JavaScriptValue, Struct } from 'google-protobuf/google/protobuf/struct_pb';
import { type PropertyMap, Secret, Unknown, type Value, unknown } from './value';

/** The key that makes an object of Pulumi's protocol and state more than an object; its value says what it is. */
export const SIGNATURE_KEY = '4dabf18193072939515e22adb298388d';

export const SIGNATURES = {
  secret: '1b47061264138c4ac30d75fd1eb44270',
  outputValue: 'd0e6a833031e9bbcd3f4e8bde6ca49a4',
} as const;

/** What stands for a value that is not known yet: Pulumi has one for each type, and its Node.js SDK this one for all. */
export const UNKNOWN_SENTINEL = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

/** The map as a protobuf Struct, secrets and unknowns marked as Pulumi's protocol wants it. */
export const encode = (map: PropertyMap): Struct => Struct.fromJavaScript(plainMap(map));

/** The Struct as a property map; assets and archives stay plain objects with their signature. */
export function decode(struct: Struct | undefined): PropertyMap {
  return struct === undefined ? {} : revivedMap(struct.toJavaScript());
}

/** A value as a secret; what is one already stays as it is. */
export function secret(value: Value): Secret {
  return value instanceof Secret ? value : new Secret(value);
}

/** A Struct's content. */
type Plain = Record<string, JavaScriptValue>;

const plainMap = (map: PropertyMap): Plain =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, plain(value)]));

function plain(value: Value): JavaScriptValue {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Unknown) return UNKNOWN_SENTINEL;
  return plainMap(value instanceof Secret ? { [SIGNATURE_KEY]: SIGNATURES.secret, value: value.value } : value);
}

const revivedMap = (map: Plain): PropertyMap =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, revived(value)]));

function revived(value: JavaScriptValue): Value {
  if (value === UNKNOWN_SENTINEL) return unknown;
  if (value === null || typeof value !== 'object') return value;
  return Array.isArray(value) ? value.map(revived) : unwrap(revivedMap(value as Plain));
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
