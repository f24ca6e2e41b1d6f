import { z } from 'zod';
import { ForgeError } from './forge';

/** As much of `pulumi preview --json` as tells drift. Steps are left out where there are none. */
const plan = z.object({
  steps: z.array(z.object({ op: z.string() })).default([]),
  diagnostics: z.array(z.object({ severity: z.string() })).default([]),
  duration: z.number(),
});

/** Steps after which a resource is what it was. */
const KEEPS = new Set(['same', 'read', 'refresh']);

/**
 * How many resources a plan changes.
 * @throws ForgeError for what is no plan: a preview that failed must not close an issue
 */
export function driftOf(text: string): number {
  const { data } = plan.safeParse(parseJson(text));
  const failed = data === undefined || data.diagnostics.some(({ severity }) => severity === 'error');
  if (failed) throw new ForgeError('the plan is not that of a preview that worked: it says nothing about drift');
  return data.steps.filter(({ op }) => !KEEPS.has(op)).length;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
