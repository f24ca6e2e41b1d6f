import { createRequire } from 'node:module';
import type { PropertyMap } from './values/value';

export { cancelAhead, startAhead } from './language/ahead';

// Not before they are needed: to load the engine takes as long as to start the program.
const load = createRequire(__filename);

/** Runs a command line of the engine. @returns the exit code; users' errors have been printed */
export function runEngine(args: string[]): Promise<number> {
  return (load('./cli/main') as typeof import('./cli/main')).main(args);
}

/** Outputs of a stack's program, as of the last update. @throws UserError if there is no such stack */
export async function outputsOf(directory: string, stack: string): Promise<PropertyMap> {
  const { openStack } = load('./operations/stack') as typeof import('./operations/stack');
  return (await openStack(directory, stack)).outputs();
}
