import { refresh as read } from '../deployment/refresh';
import type { OperationEnd, OperationOptions } from './operation';
import { inSession } from './session';
import type { Stack } from './stack';

/** Brings the stack's state in line with the world. */
export function refresh(stack: Stack, options: OperationOptions): Promise<OperationEnd> {
  return inSession(stack, 'refresh', options, async (session) => {
    const { run, base, providers } = await session.deployment;
    const state = await read(run, providers, base);
    if (!options.preview) await stack.save(state);
  });
}
