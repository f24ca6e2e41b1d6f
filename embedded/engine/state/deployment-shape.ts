import { isMap } from '../values/is-map';

/** Tells what is wrong with a value that stands at `place`; undefined: nothing. */
type Shape = (value: unknown, place: string) => string | undefined;

const a =
  (what: string, holds: (value: unknown) => boolean): Shape =>
  (value, place) =>
    holds(value) ? undefined : `${place} is not ${what}`;

const text = a('a text', (value) => typeof value === 'string');
const name = a('a text with something in it', (value) => typeof value === 'string' && value !== '');
const flag = a('true or false', (value) => typeof value === 'boolean');
const map = a('an object', isMap);
const urn = a('a URN', (value) => typeof value === 'string' && /^urn:pulumi:[^:]+::[^:]+::.+?::./s.test(value));
const operation = a('an operation', (value) =>
  ['creating', 'updating', 'deleting', 'reading', 'importing'].includes(value as string),
);

/** What Go writes for a list or a map that was never made. */
const orNull =
  (shape: Shape): Shape =>
  (value, place) =>
    value === null ? undefined : shape(value, place);

const listOf =
  (shape: Shape): Shape =>
  (value, place) =>
    Array.isArray(value) ? first(value, (one, index) => shape(one, `${place}[${index}]`)) : `${place} is not a list`;

const mapOf =
  (shape: Shape): Shape =>
  (value, place) =>
    map(value, place) ?? first(Object.entries(value as object), ([key, one]) => shape(one, `${place}.${key}`));

/** An object with these members; others may hold anything. */
const object =
  (required: Record<string, Shape>, optional: Record<string, Shape> = {}): Shape =>
  (value, place) => {
    if (!isMap(value)) return `${place} is not an object`;
    const missing = Object.keys(required).find((key) => !(key in value));
    if (missing !== undefined) return `${place} has no ${missing}`;
    return first(Object.entries({ ...required, ...optional }), ([key, shape]) =>
      key in value ? shape(value[key], `${place}.${key}`) : undefined,
    );
  };

function first<T>(values: T[], problemOf: (value: T, index: number) => string | undefined): string | undefined {
  for (const [index, value] of values.entries()) {
    const problem = problemOf(value, index);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const texts = orNull(listOf(text));

const resource = object(
  { urn, type: name },
  {
    custom: flag,
    delete: flag,
    id: text,
    inputs: orNull(map),
    outputs: orNull(map),
    parent: text,
    protect: flag,
    taint: flag,
    external: flag,
    dependencies: texts,
    initErrors: texts,
    provider: text,
    propertyDependencies: orNull(mapOf(texts)),
    pendingReplacement: flag,
    additionalSecretOutputs: texts,
    aliases: texts,
    customTimeouts: orNull(map),
    importID: text,
    retainOnDelete: flag,
    deletedWith: text,
    replaceWith: texts,
    created: text,
    modified: text,
    ignoreChanges: texts,
    hideDiff: texts,
    replaceOnChanges: texts,
  },
);

const deployment = object(
  { manifest: object({ magic: text, version: text }) },
  {
    secrets_providers: orNull(object({}, { type: text, state: orNull(map) })),
    resources: listOf(resource),
    pending_operations: listOf(object({ resource, type: operation })),
    metadata: map,
  },
);

/**
 * What keeps a value from being a whole deployment of format version 3, with its place in it; undefined: nothing. Only its
 * shape is looked at, and nothing of its contents is told: they may be secrets.
 */
export const deploymentProblem = (value: unknown, place: string): string | undefined => deployment(value, place);
