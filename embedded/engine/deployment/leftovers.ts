import type { ResourceState } from '../state/resource-state';
import type { Deployment } from './deployment';
import type { Run } from './run';

/**
 * What the program no longer has, and the old halves of replacements.
 *
 * @throws RunEnding if any of it is protected
 */
export function leftovers({ run, base, continued, deletedFirst, replaced }: Deployment): ResourceState[] {
  const gone = base.resources.filter((resource) => !continued.has(resource) && !deletedFirst.has(resource.urn));
  refuseProtected(run, gone);
  return [...gone, ...replaced];
}

/** Tells the user of every resource that is protected and was to be deleted. @throws RunEnding if there is any */
export function refuseProtected(run: Run, doomed: ResourceState[]): void {
  const message =
    'This resource is protected and cannot be deleted. Unprotect it first: set protect to false where the program or ' +
    'the stack\'s configuration sets it, run "up", and try again.';
  for (const { urn, protect } of doomed) if (protect) run.fail(message, urn);
  run.refuseIfEnding();
}
