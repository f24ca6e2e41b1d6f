import { z } from 'zod';
import { ACTION_NAMES } from '../actions';
import { jsonSchema } from './json-schema';

/** Where the policies that the gateway asks stand in the policies system; a rule's name is put behind it. */
export const URI_PREFIX = 'aiosv1.policies.cluster-controller-gateway.';

/** A rule's name, which is its folder's too: lower-case words with hyphens between. */
export const ruleName = z
  .string()
  .max(50, 'must have at most 50 letters')
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be lower-case words with hyphens between, as in max-nodes');

/** Values and what may be in them, free of anything but JSON. */
const jsonObject = z.record(z.string(), z.json());

/** What every pre-check answers. `reason` is ours: upstream carries a denial's reason in input_data. */
const PRE_CHECK_OUTPUT = {
  type: 'object',
  properties: {
    allowed: { type: 'boolean', description: 'Whether the action may go ahead.' },
    input_data: { description: 'Allowed: what is forwarded in place of the request. Denied: the reason.' },
    reason: { type: 'string', description: 'Denied: why.' },
  },
  required: ['allowed', 'input_data'],
};

/** `policy.yaml` of a rule. */
export const policyFile = z.strictObject({
  name: ruleName,
  uriName: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'must consist of letters, digits, dots, hyphens and underscores')
    .exactOptional()
    .describe(`Name in the policies system. Default: ${URI_PREFIX}<name>.`),
  version: z
    .string()
    .regex(/^v\d+\.\d+\.\d+$/, 'must be v and three numbers, as in v0.0.1')
    .describe('To be raised whenever the content changes: an onboarded version is never rewritten.'),
  releaseTag: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._]*$/, 'must be lower-case letters and digits, as in stable')
    .prefault('stable'),
  type: z.string().min(1).prefault('pre-check'),
  description: z.string().trim().min(20, 'must say in a sentence what the rule decides'),
  tags: z.array(z.string().min(1)).prefault([]),
  metadata: jsonObject.prefault({}),
  actions: z.array(z.enum(ACTION_NAMES)).min(1).describe('The actions that it makes sense to bind the rule to.'),
  inputSchema: jsonSchema,
  outputSchema: jsonSchema.prefault(PRE_CHECK_OUTPUT),
  settingsSchema: jsonSchema.prefault({ type: 'object', additionalProperties: false }),
  parametersSchema: jsonSchema,
  settings: jsonObject.prefault({}),
  parameters: jsonObject
    .prefault({})
    .describe(
      'Onboarded with the rule, for bindings without any: where the gateway runs the rule itself, for what a binding leaves open.',
    ),
  functionalityData: jsonObject.prefault({}),
  resourceEstimates: jsonObject.prefault({}),
});

/** {@link policyFile} with its defaults applied. */
export type PolicyFile = z.infer<typeof policyFile>;
