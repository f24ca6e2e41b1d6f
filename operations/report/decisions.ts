import { z } from 'zod';

/** What a policy says to a request; `failed`: it raised, was too slow or answered what is no decision. */
const VERDICT = z.strictObject({
  verdict: z.enum(['allowed', 'denied', 'failed', 'no policy']),
  /** The policy's own words, or what went wrong. */
  reason: z.string().optional(),
  /** URI or name of the policy that was asked. */
  policy: z.string().optional(),
});

const DECISION_CHANGE = z.strictObject({
  action: z.string(),
  /** Absent: the network's own map. */
  cluster: z.string().optional(),
  /** The request in a line, scrubbed. */
  request: z.string(),
  before: VERDICT,
  after: VERDICT,
  /** Requests of this kind with this change. */
  count: z.number().int().positive().default(1),
});

const DECISIONS = z.strictObject({
  stack: z.string(),
  /** Requests that were replayed, by the old and by the new policies. */
  replayed: z.number().int().nonnegative(),
  changes: z.array(DECISION_CHANGE),
  /** What is wrong with a policy by itself: it raises, is slow, or does not decide the same twice. */
  problems: z.array(z.strictObject({ policy: z.string(), text: z.string() })).default([]),
});

/** How the decisions of a stack's policies differ from those before the change. */
export type Decisions = z.infer<typeof DECISIONS>;

/** One kind of request that is decided otherwise. */
export type DecisionChange = z.infer<typeof DECISION_CHANGE>;

/** The file, in a report's folder, in which `operations/policy-impact` leaves the decisions of a stack. */
export const decisionsFile = (stack: string) => `decisions-${stack}.json`;

/** Reads what {@link decisionsFile} holds. @throws z.ZodError */
export function readDecisions(json: unknown): Decisions {
  return DECISIONS.parse(json);
}
