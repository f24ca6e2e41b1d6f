import { type ApiClient, find, textAt } from '../../../kubernetes-api';
import type { CheckFailure } from '../check/fields';
import { UserError } from '../errors';
import type { PlacementFacts } from './facts';

/** Whether the passwords and the members' key are to be made anew. */
export function rotates(old: PlacementFacts, now: PlacementFacts): boolean {
  return (now.rotate ?? 0) > (old.rotate ?? 0);
}

/** A rotation has the passwords and the key before it in common with what is not restarted yet, and none of others. */
export function otherRotation(old: PlacementFacts, now: PlacementFacts): CheckFailure[] {
  const { section, rotate: to = 0 } = now;
  const change = `${section}.rotate is ${to}`;
  if (old.rotate === undefined) {
    if (to === 0) return [];
    const reason =
      `${change}, and what this database's members know is not recorded: it is from before there were rotations, or was taken ` +
      'down and its data kept. Set it to 0, run up, and rotate then.';
    return [{ property: 'rotate', reason }];
  }
  const from = old.rotate;
  if (to === from || to === from + 1) return [];
  const reason =
    to < from
      ? `${change} and was ${from}: passwords of before do not come back. Set it back, or ${from + 1} for others.`
      : `${change} and was ${from}: members and clients know the passwords and the key of the next rotation alone, and would shut ` +
        `each other out. Set ${from + 1}, and run up for each.`;
  return [{ property: 'rotate', reason }];
}

/**
 * A rotation that has not reached all members and clients would leave those that it has not reached with nothing in common with
 * the one after it.
 *
 * @throws UserError if the last one is not completed
 */
export async function requireCompleted(
  client: ApiClient,
  { section, namespace, statefulSet, rotate: from = 0 }: PlacementFacts,
  signal: AbortSignal,
): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/configmaps/${statefulSet}-rotation`;
  const noted = await find(client, path, signal);
  const completed = noted && textAt(noted, 'data', 'completed');
  if (completed === `${from}`) return;
  throw new UserError(
    `${section}.rotate is ${from + 1}, and rotation ${from} is not known to have reached all members and clients: ConfigMap ` +
      `${statefulSet}-rotation in ${namespace} says ${completed === undefined ? 'nothing' : `"${completed}"`}. Nothing was ` +
      `changed. Set it back to ${from} and run up until it succeeds; then rotate.`,
  );
}
