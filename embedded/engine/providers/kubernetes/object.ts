import { UserError } from '../../../shared/errors';
import { type PropertyMap, Secret, Unknown, type Value, isPropertyMap } from '../../values/value';
import { type Json, type JsonMap, isJsonMap, textAt } from '../../../../kubernetes-api';

/** What tells one object of a cluster from all others. */
export interface ObjectReference {
  apiVersion: string;
  kind: string;
  /** Absent for objects of the cluster itself. */
  namespace?: string;
  name: string;
}

/** `Deployment services/parser`, as error messages and progress name an object. */
export function describe({ kind, namespace, name }: ObjectReference): string {
  return `${kind} ${objectId(namespace, name)}`;
}

/** The id of a Pulumi resource: `namespace/name`, or `name` where there is no namespace. */
export function objectId(namespace: string | undefined, name: string): string {
  return namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;
}

export function parseId(id: string): { namespace?: string; name: string } {
  const [first = '', second] = id.split('/');
  return second === undefined ? { name: first } : { namespace: first, name: second };
}

export function referenceOf(object: JsonMap): ObjectReference {
  const namespace = textAt(object, 'metadata', 'namespace');
  return {
    apiVersion: textAt(object, 'apiVersion'),
    kind: textAt(object, 'kind'),
    name: textAt(object, 'metadata', 'name'),
    ...(namespace !== '' && { namespace }),
  };
}

/** `kubernetes:apps/v1:Deployment` names the API version and the kind. */
export function kindOfType(type: string): { apiVersion: string; kind: string } {
  const [, module = '', kind = ''] = type.split(':');
  if (!module.includes('/') || kind === '') {
    throw new UserError(`${type} is not a resource type of a Kubernetes API (kubernetes:<group>/<version>:<kind>)`);
  }
  return { apiVersion: module.replace(/^core\//, ''), kind };
}

/**
 * Whether a resource manages a few fields of an object that is not its own (`kubernetes:core/v1:NodePatch`). Its inputs
 * name the kind of the object; a custom resource whose kind happens to end in `Patch` names itself.
 */
export function isPatch(type: string, inputs: PropertyMap): boolean {
  const { kind } = kindOfType(type);
  return kind.endsWith('Patch') && inputs.kind !== undefined && inputs.kind !== kind;
}

export const isSecretKind = (object: PropertyMap) => object.apiVersion === 'v1' && object.kind === 'Secret';

/** The object without some of its metadata. */
export function withoutMetadata(object: PropertyMap, keys: readonly string[]): PropertyMap {
  const { metadata } = object;
  if (!isPropertyMap(metadata)) return object;
  const kept = Object.entries(metadata).filter(([key]) => !keys.includes(key));
  return { ...object, metadata: Object.fromEntries(kept) };
}

/** Inputs or outputs as the API takes them: secrets revealed. Only for what is on its way to the API server. */
export function toObject(properties: PropertyMap): JsonMap {
  const object = toJson(properties);
  return isJsonMap(object) ? object : {};
}

function toJson(value: Value): Json {
  if (value instanceof Secret) return toJson(value.value);
  if (value instanceof Unknown) throw new Error('a value that is not known yet cannot be sent to the API server');
  if (Array.isArray(value)) return value.map(toJson);
  if (!isPropertyMap(value)) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(entries.map(([key, item]) => [apiKey(key), toJson(item)]));
}

/** An object of the API as properties. */
export function toProperties(object: JsonMap): PropertyMap {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [propertyKey(key), toValue(value)]));
}

function toValue(value: Json): Value {
  if (Array.isArray(value)) return value.map(toValue);
  return isJsonMap(value) ? toProperties(value) : value;
}

// The schemas inside a CustomResourceDefinition have keys that the SDKs cannot spell.
const apiKey = (key: string) => (key.startsWith('x_kubernetes_') ? key.replaceAll('_', '-') : key);
const propertyKey = (key: string) => (key.startsWith('x-kubernetes-') ? key.replaceAll('-', '_') : key);
