import { Struct, Value as WireValue } from 'google-protobuf/google/protobuf/struct_pb';
import { PropertyMap, Secret, Unknown, Value, isPropertyMap, unknown } from './value';

/** The key that makes an object of Pulumi's protocol and state more than an object; its value says what it is. */
export const signatureKey = '4dabf18193072939515e22adb298388d';

export const signatures = {
  secret: '1b47061264138c4ac30d75fd1eb44270',
  outputValue: 'd0e6a833031e9bbcd3f4e8bde6ca49a4',
  resourceReference: '5cf8f73096256a8f31e491e813e4eb8e',
  asset: 'c44067f5952c0a294b673a41bacd8c17',
  archive: '0def7320c3a5731c473e5ecbe6d01bc7',
} as const;

/** What stands for a value that is not known yet; SDKs send the one of strings whatever the type. */
export const unknownSentinel = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

const unknownSentinels: ReadonlySet<string> = new Set([
  unknownSentinel,
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

/**
 * The map as a protobuf Struct, secrets and unknowns marked as Pulumi's protocol wants it.
 *
 * The messages are made from their array form (what `toArray()` of a message returns), which takes a hundredth of the time
 * that the setters need, and this runs several times for every resource.
 */
export function encode(map: PropertyMap, options: EncodeOptions): Struct {
  return new StructOfArrays(structArray(map, options));
}

/** The Struct as a property map; resource references, assets and archives stay plain objects with their signature. */
export function decode(struct: Struct | undefined): PropertyMap {
  const map: PropertyMap = {};
  if (struct === undefined) return map;
  for (const [key, value] of struct.getFieldsMap().entries() as unknown as Iterable<[string, WireValue]>) {
    map[key] = decodeValue(value);
  }
  return map;
}

/** A value as a secret; what is one already stays as it is. */
export function secret(value: Value): Secret {
  return value instanceof Secret ? value : new Secret(value);
}

const StructOfArrays = Struct as unknown as new (fields: StructArray) => Struct;

// google.protobuf.Value's fields by number: null 1, number 2, string 3, bool 4, struct 5, list 6.
type StructArray = [[string, ValueArray][]];
type ValueArray = unknown[];

function structArray(map: PropertyMap, options: EncodeOptions): StructArray {
  return [Object.entries(map).map(([key, value]) => [key, valueArray(value, options)])];
}

function valueArray(value: Value, options: EncodeOptions): ValueArray {
  if (value === null) return [0];
  if (typeof value === 'number') return [undefined, value];
  if (typeof value === 'string') return stringArray(value);
  if (typeof value === 'boolean') return [undefined, undefined, undefined, value];
  if (Array.isArray(value)) return listArray(value.map((item) => valueArray(item, options)));
  if (value instanceof Unknown) return stringArray(unknownSentinel);
  if (value instanceof Secret) return secretArray(value, options);
  if (options.keepResources === false && value[signatureKey] === signatures.resourceReference) {
    return valueArray(referenceTarget(value), options);
  }
  return objectArray(structArray(value, options));
}

function secretArray(value: Secret, options: EncodeOptions): ValueArray {
  const content = valueArray(value.value, options);
  if (!options.keepSecrets) return content;
  return objectArray([
    [
      [signatureKey, stringArray(signatures.secret)],
      ['value', content],
    ],
  ]);
}

const stringArray = (value: string): ValueArray => [undefined, undefined, value];
const objectArray = (value: StructArray): ValueArray => [undefined, undefined, undefined, undefined, value];
const listArray = (items: ValueArray[]): ValueArray => [undefined, undefined, undefined, undefined, undefined, [items]];

/** What a resource reference means to whom only strings are known: the id, the URN for want of one. */
function referenceTarget(reference: PropertyMap): Value {
  const { id, urn } = reference;
  if (id === '') return unknown;
  return id ?? urn ?? null;
}

function decodeValue(value: WireValue): Value {
  switch (value.getKindCase()) {
    case WireValue.KindCase.STRING_VALUE:
      return decodeString(value.getStringValue());
    case WireValue.KindCase.NUMBER_VALUE:
      return value.getNumberValue();
    case WireValue.KindCase.BOOL_VALUE:
      return value.getBoolValue();
    case WireValue.KindCase.STRUCT_VALUE:
      return unwrap(decode(value.getStructValue()));
    case WireValue.KindCase.LIST_VALUE:
      return value.getListValue()?.getValuesList().map(decodeValue) ?? [];
    default:
      return null;
  }
}

function decodeString(value: string): Value {
  return value.length === unknownSentinel.length && unknownSentinels.has(value) ? unknown : value;
}

function unwrap(map: PropertyMap): Value {
  switch (map[signatureKey]) {
    case signatures.secret:
      return secret(map.value ?? null);
    case signatures.outputValue:
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

/** Whether the value is a reference to another resource, as the protocol writes it. */
export function isResourceReference(value: Value): value is PropertyMap {
  return isPropertyMap(value) && value[signatureKey] === signatures.resourceReference;
}
