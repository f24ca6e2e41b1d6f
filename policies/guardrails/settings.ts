import { z } from 'zod';
import { ACTION_NAMES } from '../actions';
import { GUARDRAIL_NAMES } from './names';

const enforcement = z.enum(['advisory', 'mandatory', 'disabled']);

/** Section `guardrails` of a stack: what may not be, whatever the rest of its file says. */
export const guardrailSettings = z.strictObject({
  enforcement: enforcement
    .prefault('advisory')
    .describe(
      'Whether a breach is told (advisory), fails preview and up (mandatory), or is not looked for (disabled).',
    ),
  rules: z
    .partialRecord(z.enum(GUARDRAIL_NAMES), enforcement)
    .prefault({})
    .meta({ keysAre: 'guardrail' })
    .describe('The same for single guardrails, in place of `enforcement`.'),
  requiredBindings: z
    .array(z.enum(ACTION_NAMES))
    .prefault([])
    .describe('Actions that must have a policy in the network: for the guardrail required-bindings.'),
});

export type GuardrailSettings = z.infer<typeof guardrailSettings>;
