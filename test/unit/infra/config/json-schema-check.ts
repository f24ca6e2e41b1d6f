type Schema = Record<string, unknown>;

const TYPES: Record<string, (value: unknown) => boolean> = {
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
};

/** Where a value breaks a JSON schema: the part of draft 7 that the schema of stack files uses. */
export function violations(schema: Schema, value: unknown, path = '$'): string[] {
  const choices = schema.anyOf as Schema[] | undefined;
  if (choices?.every((choice) => violations(choice, value, path).length > 0)) return [`${path}: no choice fits`];
  if (typeof schema.type === 'string' && !TYPES[schema.type]?.(value)) return [`${path}: not a ${schema.type}`];
  return [...scalar(schema, value, path), ...items(schema, value, path), ...members(schema, value, path)];
}

function scalar({ pattern, enum: values, minimum, maximum }: Schema, value: unknown, path: string): string[] {
  const broken =
    (typeof value === 'string' && typeof pattern === 'string' && !new RegExp(pattern).test(value)) ||
    (Array.isArray(values) && !values.includes(value)) ||
    (typeof value === 'number' && (value < Number(minimum ?? value) || value > Number(maximum ?? value)));
  return broken ? [`${path}: ${JSON.stringify(value)}`] : [];
}

function items(schema: Schema, value: unknown, path: string): string[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item, index) => violations((schema.items ?? {}) as Schema, item, `${path}[${index}]`));
}

function members(schema: Schema, value: unknown, path: string): string[] {
  if (!TYPES.object?.(value)) return [];
  const entries = Object.entries(value as object) as [string, unknown][];
  const missing = ((schema.required ?? []) as string[]).filter((key) => !entries.some(([name]) => name === key));
  return [
    ...missing.map((key) => `${path}.${key}: missing`),
    ...entries.flatMap(([key, member]) => {
      if (schema.propertyNames && violations(schema.propertyNames as Schema, key).length > 0) return [`${path}.${key}`];
      const rule = memberSchema(schema, key);
      return rule === false ? [`${path}.${key}: unknown`] : violations(rule, member, `${path}.${key}`);
    }),
  ];
}

function memberSchema(schema: Schema, key: string): Schema | false {
  const own = (schema.properties as Record<string, Schema> | undefined)?.[key];
  if (own !== undefined) return own;
  const patterns = Object.entries((schema.patternProperties ?? {}) as Record<string, Schema>);
  const matching = patterns.find(([pattern]) => new RegExp(pattern).test(key))?.[1];
  if (matching !== undefined) return matching;
  return schema.additionalProperties === false ? false : ((schema.additionalProperties ?? {}) as Schema);
}
