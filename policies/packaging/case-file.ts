import { z } from 'zod';

const object = z.record(z.string(), z.json());

/** Parts of a case that can break their schema on purpose. */
const BREAKABLE = ['input', 'parameters', 'settings'] as const;

const expected = z
  .strictObject({
    allowed: z.boolean(),
    reason: z.string().exactOptional().describe('Of a denial, word for word.'),
    input_data: z.json().exactOptional().describe('What is forwarded in place of the request.'),
  })
  .refine(({ allowed, reason }) => !allowed || reason === undefined, 'what is allowed has no reason');

/** One request to a rule and what it should answer. Keys of `expected` that are left out are not looked at. */
const ruleCase = z.strictObject({
  name: z.string().min(1).describe('What the case shows.'),
  settings: object.exactOptional().describe("In place of policy.yaml's."),
  parameters: object
    .exactOptional()
    .describe(
      "As a binding gives them: over policy.yaml's where the gateway runs the rule, in place of them on an executor.",
    ),
  mode: z
    .enum(['local', 'remote'])
    .prefault('local')
    .describe('Who runs the rule: the gateway itself (local) or an executor (remote).'),
  input: z.json(),
  context: z.json().prefault(null),
  stubs: object
    .prefault({})
    .describe(
      'Functions of function.py by name, and what they return here: the time, or what another service answers.',
    ),
  malformed: z.array(z.enum(BREAKABLE)).prefault([]).describe('What breaks its schema here, on purpose.'),
  expected,
});

/** A file in `cases/`. */
export const caseFile = z.array(ruleCase).min(1, 'must hold at least one case');

/** A case, and the file that it is from. */
export type RuleCase = z.infer<typeof ruleCase> & { file: string };
