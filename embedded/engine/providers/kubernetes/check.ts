import {
  type PropertyMap,
  Secret,
  Unknown,
  type Value,
  containsUnknown,
  isPropertyMap,
  mapValues,
  reveal,
} from '../../values/value';
import type { CheckRequest, CheckResult } from '../provider';
import { annotation, unsupportedAnnotations } from './annotations';
import { withoutServerFields } from './drift';
import { isSecretKind, kindOfType } from './object';
import { markSecrets } from './secrets';

type Failure = CheckResult['failures'][number];

/** What the check has to ask the provider. */
interface CheckContext {
  /** The namespace of objects that name none. */
  defaultNamespace(): Promise<string>;
  isNamespaced(of: { apiVersion: string; kind: string }): Promise<boolean>;
}

/**
 * Completes the inputs (namespace, encoded data of a Secret) and refuses what no API server would take. Whether the
 * rest fits the kind's schema is found by the dry run of the API server.
 */
export async function checkObject(request: CheckRequest, context: CheckContext): Promise<CheckResult> {
  const { newInputs } = request;
  const failures = findFailures(request);
  if (failures.length > 0) return { inputs: newInputs, failures };
  const encoded = encodeStringData(withoutServerFields(newInputs));
  const inputs = await withNamespace(encoded, context);
  return { inputs: markSecrets(inputs, inputs), failures: [] };
}

/** Kinds of which this engine does not know when they are ready, and the real provider does. */
const withoutAwaiter = new Set(['DaemonSet', 'Job', 'Pod', 'ReplicationController']);

function findFailures({ type, newInputs }: CheckRequest): Failure[] {
  const { apiVersion, kind, metadata } = newInputs;
  const failures: Failure[] = [];
  const fail = (property: string, reason: string) => failures.push({ property, reason });
  const typed = kindOfType(type);
  if (typed.apiVersion.startsWith('helm.sh/') || withoutAwaiter.has(typed.kind)) {
    fail('', `${type} is not supported by this engine; use the pulumi CLI`);
    return failures;
  }
  if (!isTextOrUnknown(apiVersion)) fail('apiVersion', 'missing: the version of the API, such as "apps/v1"');
  if (!isTextOrUnknown(kind)) fail('kind', 'missing: the kind of the object, such as "Deployment"');
  if (metadata !== undefined && !isMapOrUnknown(metadata))
    fail('metadata', 'expected an object, such as {"name": "parser"}');
  if (failures.length > 0) return failures;
  const name = metadataValue(newInputs, 'name');
  if (name === undefined && !(metadata instanceof Unknown)) {
    fail('metadata.name', 'missing: this engine makes up no names; set it, or use the pulumi CLI');
  } else if (name !== undefined && !isTextOrUnknown(name)) fail('metadata.name', 'expected a text');
  for (const [key, instead] of Object.entries(unsupportedAnnotations)) {
    if (annotation(newInputs, key) === undefined) continue;
    fail(`metadata.annotations["${key}"]`, `not supported by this engine; ${instead}, or use the pulumi CLI`);
  }
  return failures;
}

const isTextOrUnknown = (value: Value | undefined) =>
  (typeof value === 'string' && value !== '') || value instanceof Unknown;
const isMapOrUnknown = (value: Value) =>
  isPropertyMap(value) || (value instanceof Secret ? containsUnknown(value) : value instanceof Unknown);

function metadataValue(inputs: PropertyMap, key: string): Value | undefined {
  const { metadata } = inputs;
  const value = isPropertyMap(metadata) ? metadata[key] : undefined;
  return value === null || value === '' ? undefined : value;
}

/** Secret data is kept encoded, as the API returns it: `stringData` is only another way to write it. */
function encodeStringData(inputs: PropertyMap): PropertyMap {
  const { stringData, data, ...rest } = inputs;
  if (!isSecretKind(inputs) || stringData === undefined) return inputs;
  const texts = reveal(stringData);
  const encoded = reveal(data ?? {});
  const isText = (value: Value) => typeof value === 'string';
  // What is not known yet cannot be encoded; what is no text is for the API server to refuse.
  if (!isPropertyMap(texts) || !isPropertyMap(encoded) || !Object.values(texts).every(isText)) return inputs;
  return { ...rest, data: new Secret({ ...encoded, ...mapValues(texts, encode) }) };
}

const encode = (value: Value) => Buffer.from(typeof value === 'string' ? value : '').toString('base64');

async function withNamespace(inputs: PropertyMap, context: CheckContext): Promise<PropertyMap> {
  const { apiVersion, kind, metadata } = inputs;
  if (metadataValue(inputs, 'namespace') !== undefined || !isPropertyMap(metadata)) return inputs;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return inputs;
  if (!(await context.isNamespaced({ apiVersion, kind }))) return inputs;
  return { ...inputs, metadata: { ...metadata, namespace: await context.defaultNamespace() } };
}
