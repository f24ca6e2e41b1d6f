import { deleteAll, refuseProtected } from '../deployment/delete';
import type { OperationEnd, OperationOptions } from './operation';
import { inSession } from './session';
import type { Stack } from './stack';

/** Deletes every resource of the stack, dependents first. Refused as a whole if one of them is protected. */
export function destroy(stack: Stack, options: OperationOptions): Promise<OperationEnd> {
  return inSession(stack, 'destroy', options, async (session) => {
    const { run, base, providers } = await session.deployment;
    refuseProtected(run, base.resources);
    await deleteAll(run, providers, base.resources);
  });
}
