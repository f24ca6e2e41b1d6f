import { deleteAll } from '../deployment/delete';
import { OperationEnd, OperationOptions, inSession } from './session';
import { Stack } from './stack';
import { PROTECTED } from './update';

/** Deletes every resource of the stack, dependents first. Refused as a whole if one of them is protected. */
export function destroy(stack: Stack, options: OperationOptions): Promise<OperationEnd> {
  return inSession(stack, 'destroy', options, async (session) => {
    const { run, base, providers } = await session.deployment;
    for (const { urn } of base.resources.filter((resource) => resource.protect)) run.fail(PROTECTED, urn);
    run.refuseIfEnding();
    await deleteAll(run, providers, base.resources);
  });
}
