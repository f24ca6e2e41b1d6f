import { z } from 'zod';
import { ForgeError } from './forge';

/** As much of `pulumi preview --json` as tells drift. */
const plan = z.object({ steps: z.array(z.object({ op: z.string() })).optional() });

/** Steps after which a resource is what it was. */
const KEEPS = new Set(['same', 'read', 'refresh']);

/**
 * How many resources a plan changes.
 * @throws ForgeError for what is no plan: a preview that failed must not close an issue
 */
export function driftOf(text: string): number {
  const { data } = plan.safeParse(parseJson(text));
  if (data?.steps === undefined) throw new ForgeError('the plan is none: did the preview fail?');
  return data.steps.filter(({ op }) => !KEEPS.has(op)).length;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
