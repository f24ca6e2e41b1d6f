import { Struct, Value as WireValue } from 'google-protobuf/google/protobuf/struct_pb';
import { type Properties, Secret, Unknown, type Value, unknown } from './value';

/** The key that makes an object of Pulumi's protocol more than an object, and its value for secrets. */
const signatureKey = '4dabf18193072939515e22adb298388d';
const secretSignature = '1b47061264138c4ac30d75fd1eb44270';

const unknownText = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

/** SDKs send the first whatever the type; the engine knows one for each. */
const unknownTexts: ReadonlySet<string> = new Set([
  unknownText,
  '1c4a061d-8072-4f0a-a4cb-0ff528b18fe7', // boolean
  '3eeb2bf0-c639-47a8-9e75-3b44932eb421', // number
  '6a19a0b0-7e62-4c92-b797-7f8e31da9cc2', // array
  'dd056dcd-154b-4c76-9bd3-c8f88648b5ff', // object
]);

/** Reads a message of the engine. Resource references and assets are not asked for, so none come. */
export function decode(struct: Struct | undefined): Properties {
  const properties: Properties = {};
  // By itself, not by toJavaScript: that takes as long as everything else that a call needs.
  for (const [key, value] of (struct?.getFieldsMap().entries() ?? []) as unknown as Iterable<[string, WireValue]>) {
    properties[key] = decodeValue(value);
  }
  return properties;
}

/** Makes the message from its array form (what `toArray()` returns), which takes a fraction of the time of its setters. */
export function encode(properties: Properties): Struct {
  return new StructOfArrays(structArray(properties));
}

const StructOfArrays = Struct as unknown as new (fields: StructArray) => Struct;

// google.protobuf.Value's fields by number: null 1, number 2, string 3, bool 4, struct 5, list 6.
type StructArray = [[string, unknown[]][]];

const structArray = (properties: Properties): StructArray => [
  Object.entries(properties).map(([key, value]) => [key, valueArray(value)]),
];

function decodeValue(value: WireValue): Value {
  switch (value.getKindCase()) {
    case WireValue.KindCase.STRING_VALUE:
      return unknownTexts.has(value.getStringValue()) ? unknown : value.getStringValue();
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

const unwrap = (properties: Properties) =>
  properties[signatureKey] === secretSignature ? new Secret(properties.value ?? null) : properties;

function valueArray(value: Value): unknown[] {
  if (value === null) return [0];
  if (typeof value === 'number') return [undefined, value];
  if (typeof value === 'string') return [undefined, undefined, value];
  if (typeof value === 'boolean') return [undefined, undefined, undefined, value];
  if (value instanceof Unknown) return valueArray(unknownText);
  if (value instanceof Secret) return valueArray({ [signatureKey]: secretSignature, value: value.value });
  if (Array.isArray(value)) return [...Array<undefined>(5), [value.map(valueArray)]];
  return [...Array<undefined>(4), structArray(value)];
}
