import { schemaProblems } from '../../../../policies/packaging';
import { jsonSchema } from '../../../../policies/packaging/json-schema';

// Each of these zod would pass over without a word.
test.each([
  [{ type: 'array', minItems: 1 }],
  [{ type: 'object', properties: { a: {} }, anyOf: [{ type: 'object' }] }],
  [{ properties: { a: { type: 'string' } } }],
  [{ type: 'object', required: ['a'] }],
  [{ type: 'string', minimum: 1 }],
  [{ type: 'string', default: 'x' }],
  [{ type: ['string', 'null'] }],
  [{ type: 'object', properties: { a: { type: 'array', items: { type: 'string', pattern: '(' } } } }],
])('refuses %j', (schema) => {
  expect(jsonSchema.safeParse(schema).success).toBe(false);
});

const forms = {
  anyOf: [
    { type: 'object', properties: { a: { type: 'integer', minimum: 1 } }, required: ['a'] },
    { type: 'object', properties: { b: { type: 'array', items: { type: 'string' }, minItems: 1 } }, required: ['b'] },
    { type: 'string' },
  ],
};

test.each<[value: unknown, problems: { key: string; message: string }[]]>([
  [{ a: 1 }, []],
  ['text', []],
  [{ a: 0 }, [{ key: 'a', message: 'expected number to be >=1' }]],
  [{ b: [1] }, [{ key: 'b[0]', message: 'expected string, received number' }]],
  [{}, [{ key: 'a', message: 'is required' }]],
])('of several forms, %j is measured by the nearest', (value, problems) => {
  expect(jsonSchema.parse(forms)).toEqual(forms);
  expect(schemaProblems(forms, value)).toEqual(problems);
});
