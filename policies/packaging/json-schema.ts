import { z } from 'zod';
import { describeIssue, type IssueDescription } from './errors';

const notes = {
  title: z.string().exactOptional(),
  description: z.string().exactOptional(),
  examples: z.array(z.unknown()).exactOptional(),
};
const count = z.int().min(0).exactOptional();
const bound = z.number().exactOptional();
const schemas = z.lazy(() => z.array(jsonSchema).min(1));
const patternText = z.string().refine(isRegExp, 'must be a regular expression');

const objectSchema = z
  .strictObject({
    ...notes,
    type: z.literal('object'),
    properties: z
      .record(
        z.string(),
        z.lazy(() => jsonSchema),
      )
      .exactOptional(),
    required: z.array(z.string()).exactOptional(),
    additionalProperties: z.lazy(() => z.union([z.boolean(), jsonSchema])).exactOptional(),
    minProperties: count,
    maxProperties: count,
  })
  .check(({ value, issues }) => {
    for (const [index, name] of (value.required ?? []).entries())
      if (!Object.hasOwn(value.properties ?? {}, name))
        issues.push({
          code: 'custom',
          input: name,
          path: ['required', index],
          message: `${JSON.stringify(name)} is not among the properties`,
        });
  });

const typed = z.discriminatedUnion(
  'type',
  [
    objectSchema,
    z.strictObject({
      ...notes,
      type: z.literal('array'),
      items: z.lazy(() => jsonSchema),
      minItems: count,
      maxItems: count,
      uniqueItems: z.boolean().exactOptional(),
    }),
    z.strictObject({
      ...notes,
      type: z.literal('string'),
      enum: z.array(z.string()).min(1).exactOptional(),
      minLength: count,
      maxLength: count,
      pattern: patternText.exactOptional(),
    }),
    ...(['integer', 'number'] as const).map((type) =>
      z.strictObject({
        ...notes,
        type: z.literal(type),
        minimum: bound,
        maximum: bound,
        exclusiveMinimum: bound,
        exclusiveMaximum: bound,
        multipleOf: z.number().gt(0).exactOptional(),
      }),
    ),
    z.strictObject({ ...notes, type: z.enum(['boolean', 'null']) }),
  ],
  { error: 'type must be one of object, array, string, integer, number, boolean, null' },
);

/**
 * The part of JSON Schema that rules are written in: what zod checks in full. Keywords that it would pass over without
 * a word (`anyOf` next to `type`, `minItems` without `items`, a required key that is no property) are refused, and so is
 * `default`, which makes zod take a required key for given.
 */
export const jsonSchema: z.ZodType<JsonSchema> = z.lazy(() =>
  z.custom<JsonSchema>().check(({ value, issues }) => {
    const { error } = variantOf(value).safeParse(value);
    for (const issue of error?.issues ?? []) issues.push({ ...issue, input: value } as z.core.$ZodRawIssue);
  }),
);

/** A JSON Schema, as far as {@link jsonSchema} goes. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Choosing by the keywords that are there gives errors about the form that was meant. */
function variantOf(value: unknown): z.ZodType {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return z.record(z.string(), z.unknown());
  if ('anyOf' in value) return z.strictObject({ ...notes, anyOf: schemas });
  return 'type' in value ? typed : z.strictObject(notes);
}

function isRegExp(text: string): boolean {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}

/** A value's departure from a schema. */
export type SchemaProblem = IssueDescription;

const compiled = new WeakMap<JsonSchema, z.ZodType>();

/** What in a value a schema does not allow; empty where all is well. */
export function schemaProblems(schema: JsonSchema, value: unknown): SchemaProblem[] {
  const checker = compiled.get(schema) ?? z.fromJSONSchema(schema);
  compiled.set(schema, checker);
  return (checker.safeParse(value).error?.issues ?? []).flatMap(describeIssue);
}
