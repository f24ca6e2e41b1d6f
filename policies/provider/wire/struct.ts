import { type JavaScriptValue, Struct } from 'google-protobuf/google/protobuf/struct_pb';
import { type Properties, Secret, Unknown, type Value, unknown } from './value';

/** The key that makes an object of Pulumi's protocol more than an object, and its value for secrets. */
const SIGNATURE_KEY = '4dabf18193072939515e22adb298388d';
const SECRET_SIGNATURE = '1b47061264138c4ac30d75fd1eb44270';

const UNKNOWN_TEXT = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

/** SDKs send the first whatever the type; the engine knows one for each. */
const unknownTexts: ReadonlySet<string> = new Set([
  UNKNOWN_TEXT,
  '1c4a061d-8072-4f0a-a4cb-0ff528b18fe7', // boolean
  '3eeb2bf0-c639-47a8-9e75-3b44932eb421', // number
  '6a19a0b0-7e62-4c92-b797-7f8e31da9cc2', // array
  'dd056dcd-154b-4c76-9bd3-c8f88648b5ff', // object
]);

/** Reads a message of the engine. Resource references and assets are not asked for, so none come. */
export const decode = (struct: Struct | undefined): Properties =>
  struct === undefined ? {} : revivedMap(struct.toJavaScript());

export const encode = (properties: Properties): Struct => Struct.fromJavaScript(plainMap(properties));

/** A Struct's content. */
type Plain = Record<string, JavaScriptValue>;

const revivedMap = (map: Plain): Properties =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, revived(value)]));

function revived(value: JavaScriptValue): Value {
  if (typeof value === 'string') return unknownTexts.has(value) ? unknown : value;
  if (value === null || typeof value !== 'object') return value;
  return Array.isArray(value) ? value.map(revived) : unwrap(revivedMap(value as Plain));
}

const unwrap = (properties: Properties) =>
  properties[SIGNATURE_KEY] === SECRET_SIGNATURE ? new Secret(properties.value ?? null) : properties;

const plainMap = (properties: Properties): Plain =>
  Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, plain(value)]));

function plain(value: Value): JavaScriptValue {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Unknown) return UNKNOWN_TEXT;
  return plainMap(value instanceof Secret ? { [SIGNATURE_KEY]: SECRET_SIGNATURE, value: value.value } : value);
}
