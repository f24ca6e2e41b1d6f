import { z } from 'zod';

const text = z.string('is not a text');
const flag = z.boolean('is not true or false');
const map = z.record(z.string(), z.unknown(), 'is not an object');
const urn = text.regex(/^urn:pulumi:[^:]+::[^:]+::.+?::./s, 'is not a URN');
const listOf = <T extends z.ZodType>(one: T) => z.array(one, 'is not a list');
/** With these members; others may hold anything. */
const object = <T extends z.core.$ZodLooseShape>(members: T) => z.looseObject(members, 'is not an object');

// Go writes null for a list or a map that was never made.
const texts = listOf(text).nullish();
const anyMap = map.nullish();

const resource = object({
  urn,
  type: text.min(1, 'is not a text with something in it'),
  custom: flag.optional(),
  delete: flag.optional(),
  id: text.optional(),
  inputs: anyMap,
  outputs: anyMap,
  parent: text.optional(),
  protect: flag.optional(),
  taint: flag.optional(),
  external: flag.optional(),
  dependencies: texts,
  initErrors: texts,
  provider: text.optional(),
  propertyDependencies: z.record(z.string(), texts, 'is not an object').nullish(),
  pendingReplacement: flag.optional(),
  additionalSecretOutputs: texts,
  aliases: texts,
  customTimeouts: anyMap,
  importID: text.optional(),
  retainOnDelete: flag.optional(),
  deletedWith: text.optional(),
  replaceWith: texts,
  created: text.optional(),
  modified: text.optional(),
  ignoreChanges: texts,
  hideDiff: texts,
  replaceOnChanges: texts,
});

const operation = z.enum(['creating', 'updating', 'deleting', 'reading', 'importing'], 'is not an operation');

const deployment = object({
  manifest: object({ magic: text, version: text }),
  secrets_providers: object({ type: text.optional(), state: anyMap }).nullish(),
  resources: listOf(resource).optional(),
  pending_operations: listOf(object({ resource, type: operation })).optional(),
  metadata: map.optional(),
});

/**
 * What keeps a value from being a whole deployment of format version 3, with its place in it; undefined: nothing. Only its
 * shape is looked at, and nothing of its contents is told: they may be secrets.
 */
export function deploymentProblem(value: unknown, place: string): string | undefined {
  const issue = deployment.safeParse(value).error?.issues[0];
  if (!issue) return undefined;
  const placeOf = (path: PropertyKey[]) =>
    place + path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  const found = issue.path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown>)[key], value);
  if (found !== undefined) return `${placeOf(issue.path)} ${issue.message}`;
  return `${placeOf(issue.path.slice(0, -1))} has no ${String(issue.path.at(-1))}`;
}
