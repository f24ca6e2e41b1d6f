import type { OnProgress } from '../shared/cli/progress';
import { build } from '../shared/go/build';
import { type Programs, programsOf, readRecipe } from './programs';

/**
 * Builds the pinned programs, or finds that they are built: see embedded/shared/go/build.ts.
 * @throws UserError as it does, and on a system that Kubernetes does not run on
 */
export async function buildPrograms(onProgress: OnProgress = () => undefined): Promise<Programs> {
  const recipe = readRecipe();
  await build(recipe, onProgress);
  return programsOf(recipe);
}
