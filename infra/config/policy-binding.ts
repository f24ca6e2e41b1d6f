import { z } from 'zod';
import { ACTION_NAMES } from '../../policies/actions';

const RULE_NAME = '[a-z][a-z0-9]*(?:-[a-z0-9]+)*';
const POLICY_URI = '[A-Za-z0-9][A-Za-z0-9._-]*:[A-Za-z0-9][A-Za-z0-9._]*-[A-Za-z0-9][A-Za-z0-9._-]*';

const EXAMPLE_URI = 'aiosv1.policies.cluster-controller-gateway.add-node:v0.0.12-stable';
const URI_FORM = '{name}:{version}-{release_tag}';

/** Whether a policy is named by its URI; otherwise by the name of a rule. */
export function isPolicyUri(reference: string): boolean {
  return reference.includes(':');
}

/** Name of a rule: of a folder of policies/rules, or the one that an entry of `policies.rules` chose. */
export const ruleName = z
  .string()
  .regex(new RegExp(`^${RULE_NAME}$`), {
    error: 'must be the name of a rule: lower-case words with hyphens between',
  })
  .meta({ examples: ['max-nodes'] });

/** Version of a rule. */
export const ruleVersion = z
  .string()
  .regex(/^v\d+\.\d+\.\d+$/, { error: 'must be v and three numbers' })
  .meta({ examples: ['v0.0.2'] });

/** A policy: the name of a rule, or a URI. */
const policyReference = z
  .string()
  .regex(new RegExp(`^(?:${RULE_NAME}|${POLICY_URI})$`), {
    error: ({ input }) =>
      typeof input === 'string' && isPolicyUri(input)
        ? `must be a policy URI: ${URI_FORM}`
        : `must be the name of a rule, or a policy URI: ${URI_FORM}`,
  })
  .meta({ examples: [EXAMPLE_URI] });

const binding = z
  .union(
    [
      policyReference,
      z.null(),
      z.strictObject({
        policy: policyReference.describe('Name of a rule, or URI of a policy.'),
        parameters: z
          .record(z.string(), z.unknown())
          .prefault({})
          .describe('Parameters that the gateway passes to it.'),
      }),
    ],
    { error: 'must be the name of a rule, the URI of a policy, an object {policy, parameters}, or null' },
  )
  .meta({ examples: [EXAMPLE_URI] });

/** Which policy is asked before which action. */
export const bindings = z.partialRecord(z.enum(ACTION_NAMES), binding).meta({ keysAre: 'action' });

/** {@link bindings} as a stack gives them, rules by their names. */
export type NamedBindings = z.infer<typeof bindings>;
