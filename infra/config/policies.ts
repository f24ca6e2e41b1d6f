import { z } from 'zod';
import { ACTION_NAMES } from '../../policies/actions';
import { text } from './scalars';

const EXAMPLE_URI = 'aiosv1.policies.cluster-controller-gateway.add-node:v0.0.12-stable';

const policyUri = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*:[A-Za-z0-9][A-Za-z0-9._]*-[A-Za-z0-9][A-Za-z0-9._-]*$/, {
    error: 'must be a policy URI: {name}:{version}-{release_tag}',
  })
  .meta({ examples: [EXAMPLE_URI] });

const binding = z
  .union(
    [
      policyUri,
      z.null(),
      z.strictObject({
        policy: policyUri.describe('URI of the policy.'),
        parameters: z
          .record(z.string(), z.unknown())
          .prefault({})
          .describe('Parameters that the gateway passes to it.'),
      }),
    ],
    { error: 'must be the URI of a policy, an object {policy, parameters}, or null' },
  )
  .meta({ examples: [EXAMPLE_URI] });

/** Section `policies`: which policy decides on which action, and where policies run. */
export const policiesSchema = z.strictObject({
  bindings: z
    .partialRecord(z.enum(ACTION_NAMES), binding)
    .prefault({})
    .meta({ keysAre: 'action' })
    .describe('The policy that is asked before an action: a URI, {policy, parameters}, or null for none, on purpose.'),
  execution: z
    .strictObject({
      mode: z
        .enum(['local', 'remote'])
        .prefault('local')
        .describe('Where policies run: in the gateway, or in an executor.'),
      executor: text
        .exactOptional()
        .meta({ examples: ['executor-001'] })
        .describe('Id of the executor; needed by mode remote. Default: executor-001, as upstream.'),
    })
    .prefault({})
    .describe('Where pre-check policies run.'),
});

/** Section `policies`, with its defaults applied. */
export type PoliciesConfig = z.infer<typeof policiesSchema>;
