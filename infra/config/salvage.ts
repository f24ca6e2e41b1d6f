import type { core, z } from 'zod';
import type { Path } from './problems';

type Container = Record<string | number, unknown>;

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

/** Removes the value at a path; where that is impossible or leaves a hole, what contains it. */
function without(root: unknown, path: Path): unknown {
  const last = path.at(-1);
  if (last === undefined) return undefined;
  const container = path.slice(0, -1).reduce<unknown>((value, step) => (value as Container | undefined)?.[step], root);
  if (!isContainer(container) || Array.isArray(container) || !(last in container))
    return without(root, path.slice(0, -1));
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a copy of the user's object, made for this
  delete container[last];
  return root;
}

function culprits(issue: core.$ZodIssue): Path[] {
  const path = issue.path as (string | number)[];
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
}

/**
 * What is left of a section when its malformed values are taken out and defaults take their place, so that the rules
 * between keys can be checked in the same run as the shape of each.
 * @returns undefined where nothing usable is left
 */
export function salvage<T extends z.ZodType>(
  schema: T,
  raw: unknown,
  issues: readonly core.$ZodIssue[],
): z.output<T> | undefined {
  const rest = issues.flatMap(culprits).reduce<unknown>(without, structuredClone(raw));
  const result = schema.safeParse(rest);
  return result.success ? result.data : undefined;
}
