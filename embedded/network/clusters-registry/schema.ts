import type { Document } from '../store/collection';
import { isObject, valueAt } from '../store/filter';

type FieldType = 'string' | 'number' | 'mixed' | 'strings' | 'list';

interface Field {
  readonly type: FieldType;
  readonly required: boolean;
}

const required = (type: FieldType): Field => ({ type, required: true });
const optional = (type: FieldType): Field => ({ type, required: false });

/**
 * The fields of a cluster's entry, in the order of upstream's Mongoose schema. Of these an entry without tags has none, and
 * one without nodeData has no nodes; whatever is not here is dropped.
 */
const fields: Readonly<Record<string, Field>> = {
  id: required('string'),
  regionId: required('string'),
  'nodes.count': required('number'),
  'nodes.nodeData': optional('list'),
  'gpus.count': required('number'),
  'gpus.memory': required('number'),
  'vcpus.count': required('number'),
  memory: required('number'),
  swap: required('number'),
  'storage.disks': required('number'),
  'storage.size': required('number'),
  'network.interfaces': required('number'),
  'network.txBandwidth': required('number'),
  'network.rxBandwidth': required('number'),
  config: optional('mixed'),
  tags: required('strings'),
  clusterMetadata: required('mixed'),
  reputation: required('number'),
};

/**
 * A new entry for a body, as Mongoose makes it.
 * @throws Error in Mongoose's words, naming everything that is missing or of another type
 */
export function toCluster(body: unknown): Document {
  const cast = Object.entries(fields).map(([path, field]) => castField(path, field, valueAt(body, path)));
  const problems = cast.flatMap(({ problem }) => problem ?? []).reverse();
  if (problems.length > 0) throw new Error(`Cluster validation failed: ${problems.join(', ')}`);
  return cast.reduce<Document>(
    (document, { path, value }) => (value === undefined ? document : withValue(document, path.split('.'), value)),
    {},
  );
}

/**
 * Whether an update may set a path, below a field or above some: others are dropped without a word.
 */
export function isInSchema(path: string): boolean {
  return Object.entries(fields).some(
    ([name, { type }]) =>
      name === path ||
      name.startsWith(`${path}.`) ||
      (type !== 'number' && type !== 'string' && path.startsWith(`${name}.`)),
  );
}

/**
 * A value that an update sets, as Mongoose casts it.
 * @throws Error in Mongoose's words
 */
export function castUpdate(path: string, value: unknown): unknown {
  const field = fields[path];
  if (field) return castValue(path, field.type, value);
  const inner = Object.keys(fields).filter((name) => name.startsWith(`${path}.`));
  if (inner.length === 0 || !isObject(value)) return value;
  const known = inner.map((name) => name.slice(path.length + 1)).filter((key) => Object.hasOwn(value, key));
  return Object.fromEntries(known.map((key) => [key, castUpdate(`${path}.${key}`, value[key])]));
}

interface Cast {
  readonly path: string;
  readonly value?: unknown;
  readonly problem?: string;
}

function castField(path: string, field: Field, given: unknown): Cast {
  if (given === undefined && (field.type === 'strings' || field.type === 'list')) return { path, value: [] };
  const isMissing = given === undefined || given === null || (field.type === 'string' && given === '');
  if (isMissing)
    return field.required ? { path, problem: `${path}: Path \`${path}\` is required.` } : { path, value: given };
  try {
    return { path, value: castValue(path, field.type, given) };
  } catch (error) {
    return { path, problem: `${path}: ${(error as Error).message}` };
  }
}

function castValue(path: string, type: FieldType, value: unknown): unknown {
  if (value === null || type === 'mixed') return value;
  if (type === 'list' || type === 'strings') {
    const list = Array.isArray(value) ? (value as unknown[]) : [value];
    return type === 'list' ? list : list.map((element) => castValue(path, 'string', element));
  }
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  if (type === 'string' && isPlain) return String(value);
  const number = isPlain && value !== '' ? Number(value) : NaN;
  if (type === 'number' && !Number.isNaN(number)) return number;
  const [kind, name] = [type === 'number' ? 'Number' : 'string', typeof value === 'object' ? 'Object' : typeof value];
  throw new Error(`Cast to ${kind} failed for value ${JSON.stringify(value)} (type ${name}) at path "${path}"`);
}

function withValue(document: Document, [key = '', ...rest]: readonly string[], value: unknown): Document {
  if (rest.length === 0) return { ...document, [key]: value };
  const inner = document[key];
  return { ...document, [key]: withValue(isObject(inner) ? inner : {}, rest, value) };
}
